// Draws the layers of one page and runs its switches. Text from data only ever becomes a text node.
const gridpatrol = (() => {
  "use strict";

  // One canvas for every shape: several would lie over each other and take each other's pointer.
  const renderer = L.canvas({ padding: 0.5, tolerance: 3 });
  const drawn = [];

  L.Canvas.include({
    _updateSquare(layer) {
      if (!this._drawing || layer._empty()) return;
      const { x, y } = layer._point;
      const side = 2 * layer._radius;
      this._ctx.beginPath();
      this._ctx.rect(x - layer._radius, y - layer._radius, side, side);
      this._fillStroke(this._ctx, layer);
    },
  });

  const Square = L.CircleMarker.extend({
    _updatePath() {
      this._renderer._updateSquare(this);
    },
  });

  const Scale = L.Control.Scale.extend({
    _updateMetric(metres) {
      const round = this._getRoundNum(metres);
      const [wording, number] =
        round < 1000 ? [this.options.m, round] : [this.options.km, round / 1000];
      this._updateScale(this._mScale, wording.replace("{number}", number), round / metres);
    },
  });

  function hatch(color) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 7;
    const pen = tile.getContext("2d");
    pen.strokeStyle = color;
    pen.lineWidth = 1.2;
    for (const shift of [-7, 0, 7]) {
      pen.moveTo(shift, 7);
      pen.lineTo(shift + 7, 0);
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  }

  function tag(name, className, text) {
    const element = document.createElement(name);
    element.className = className;
    element.textContent = text;
    return element;
  }

  function tooltip(source) {
    const box = document.createElement("div");
    source.feature.properties.t.forEach((text, line) => {
      box.append(tag("div", line ? "" : "title", text));
    });
    return box;
  }

  function icon(element, size) {
    return L.divIcon({ html: element, className: "", iconSize: [size, size] });
  }

  function point(glyph, at, look) {
    if (look.glyph) {
      const element = tag("span", `glyph ${look.glyph}`, glyph);
      if (look.color) element.style.setProperty("--kind", look.color);
      return L.marker(at, { icon: icon(element, 20), keyboard: false });
    }
    if (look.radius_m) return L.circle(at, { ...look, radius: look.radius_m });
    return look.mark === "square" ? new Square(at, look) : L.circleMarker(at, look);
  }

  function draw(group, level, styles, features) {
    const looks = styles.map((style) => ({
      ...style,
      renderer,
      ...(style.hatch && { fillColor: hatch(style.fillColor || style.color) }),
    }));
    const shapes = L.geoJSON(features, {
      style: ({ properties }) => looks[properties.k],
      pointToLayer: ({ properties }, at) => point(properties.g, at, looks[properties.k]),
    });
    const gathers = Boolean(group.getAllChildMarkers || group.refreshClusters);
    if (features[0].properties.t) (gathers ? group : shapes).bindTooltip(tooltip, { sticky: true });
    if (gathers) group.addLayers(shapes.getLayers());
    else group.addLayer(shapes);
    drawn.push({ level, shapes, looks });
  }

  function cluster({ color, wording }) {
    return L.markerClusterGroup({
      showCoverageOnHover: false,
      maxClusterRadius: 48,
      iconCreateFunction(children) {
        const number = children.getChildCount();
        const element = tag("span", "cluster", number);
        element.style.setProperty("--kind", color);
        element.title = wording.replace("{number}", number);
        return icon(element, 30);
      },
    });
  }

  function map(id, { bounds, m, km, zoomInTitle, zoomOutTitle }) {
    const made = L.map(id, {
      renderer,
      preferCanvas: true,
      attributionControl: false,
      zoomControl: false,
      zoomSnap: 0.25,
      maxZoom: 20,
    });
    made.fitBounds(bounds, { padding: [12, 12] });
    L.control.zoom({ zoomInTitle, zoomOutTitle }).addTo(made);
    new Scale({ m, km, maxWidth: 140, imperial: false }).addTo(made);
    return made;
  }

  // Seen from afar the symbols shrink, or they would hide the town they stand in.
  function fineness(zoom) {
    if (zoom < 13.5) return 0.5;
    if (zoom < 15) return 0.65;
    return zoom < 16 ? 0.8 : 1;
  }

  function size({ shapes, looks }, factor) {
    const sized = looks.map(({ weight, radius }) => ({
      ...(weight && { weight: weight * factor }),
      ...(radius && { radius: radius * factor }),
    }));
    shapes.setStyle(({ properties }) => sized[properties.k]);
  }

  function follow(made) {
    let factor = 1;
    const fit = () => {
      if (fineness(made.getZoom()) === factor) return;
      factor = fineness(made.getZoom());
      for (const layer of drawn) size(layer, factor);
    };
    made.on("zoomend", fit);
    fit();
  }

  // What is switched on last would lie on top; the levels say what should.
  function stack(made) {
    for (const { shapes } of drawn) if (made.hasLayer(shapes)) shapes.bringToFront();
  }

  // Paper is narrower than the window: the map takes the size it will have there, same view.
  function print(made) {
    let view = null;
    window.addEventListener("beforeprint", () => {
      view = [made.getCenter(), made.getZoom()];
      const bounds = made.getBounds();
      document.documentElement.classList.add("printing");
      made.invalidateSize({ animate: false });
      made.fitBounds(bounds, { animate: false });
    });
    window.addEventListener("afterprint", () => {
      document.documentElement.classList.remove("printing");
      made.invalidateSize({ animate: false });
      made.setView(...view, { animate: false });
    });
  }

  function start(made, layers) {
    drawn.sort((one, other) => one.level - other.level);
    stack(made);
    follow(made);
    const inputs = [...document.querySelectorAll("input[data-layer]")];
    const show = (input) => {
      const layer = layers[input.dataset.layer];
      if (input.checked) layer.addTo(made);
      else layer.remove();
    };
    for (const input of inputs) {
      input.addEventListener("change", () => {
        const { oneOf } = input.dataset;
        const rivals = inputs.filter((other) => oneOf && other.dataset.oneOf === oneOf);
        for (const rival of rivals) {
          if (rival !== input && rival.checked && input.checked) {
            rival.checked = false;
            show(rival);
          }
        }
        show(input);
        stack(made);
      });
    }
    const button = document.getElementById("panel-button");
    button.addEventListener("click", () => {
      const open = document.getElementById("panel").classList.toggle("open");
      button.setAttribute("aria-expanded", open);
    });
    print(made);
    // Two frames on, the canvas has been painted.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        document.documentElement.dataset.ready = performance.now().toFixed(0);
      }),
    );
  }

  return { draw, cluster, map, start };
})();
