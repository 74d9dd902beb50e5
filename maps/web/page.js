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

  function hatch(color, ground) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 7;
    const pen = tile.getContext("2d");
    if (ground) {
      pen.globalAlpha = 0.75;
      pen.fillStyle = ground;
      pen.fillRect(0, 0, 7, 7);
      pen.globalAlpha = 1;
    }
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

  function tooltip(lines) {
    const box = document.createElement("div");
    lines.forEach((text, line) => {
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
      ...(style.hatch && { fillColor: hatch(style.fillColor || style.color, style.ground) }),
    }));
    const shapes = L.geoJSON(features, {
      style: ({ properties }) => looks[properties.k],
      pointToLayer: ({ properties }, at) => point(properties.g, at, looks[properties.k]),
    });
    const gathers = Boolean(group.getAllChildMarkers || group.refreshClusters);
    const told = ({ feature }) => tooltip(feature.properties.t);
    if (features[0].properties.t) (gathers ? group : shapes).bindTooltip(told, { sticky: true });
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

  // Where a unit is at a time: evenly along the way from the place before to the one after;
  // undefined where it is unknown, which a place of nulls says.
  function placeAt(at, time) {
    const next = at.findIndex(([when]) => when >= time);
    const after = at.at(next);
    const before = next > 0 && after[0] > time ? at[next - 1] : after;
    if (before[1] === null || after[1] === null) return undefined;
    const part = (time - before[0]) / (after[0] - before[0] || 1);
    return [1, 2].map((axis) => before[axis] + part * (after[axis] - before[axis]));
  }

  function clock(minutes, { clock: today, clockNext }) {
    const two = (number) => String(number).padStart(2, "0");
    const time = `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
    return (minutes < 1440 ? today : clockNext).replace("{time}", time);
  }

  // A slider under the map, on while its group is: `moved` is told the value and says what is shown.
  function slide(group, { from, to, every = 1, play, pause, slider }, moved) {
    const bar = tag("div", "slider", "");
    const button = tag("button", "", play);
    const input = tag("input", "", "");
    const shown = tag("output", "", "");
    button.type = "button";
    Object.assign(input, { type: "range", min: from, max: to, step: 1, value: from });
    input.setAttribute("aria-label", slider);
    bar.append(button, input, shown);
    let timer = null;
    const move = () => {
      shown.textContent = moved(Number(input.value));
      input.setAttribute("aria-valuetext", shown.textContent);
    };
    const stop = () => {
      clearInterval(timer);
      timer = null;
      button.textContent = play;
    };
    // All of it in half a minute, and a step no faster than the eye follows.
    const step = Math.max(1, Math.round((to - from) / 300));
    button.addEventListener("click", () => {
      if (timer) return stop();
      if (Number(input.value) >= to) input.value = from;
      button.textContent = pause;
      timer = setInterval(() => {
        input.value = Number(input.value) + step;
        move();
        if (Number(input.value) >= to) stop();
      }, 100 * every);
    });
    input.addEventListener("input", move);
    const control = L.control({ position: "bottomright" });
    control.onAdd = () => {
      L.DomEvent.disableClickPropagation(bar);
      L.DomEvent.disableScrollPropagation(bar);
      return bar;
    };
    group.on("add", ({ target }) => control.addTo(target._map));
    group.on("remove", () => {
      stop();
      control.remove();
    });
    move();
  }

  function timed({ units, ...words }) {
    const group = L.featureGroup();
    const markers = units.map(({ title, color, at }) => {
      const element = tag("span", "glyph moving", "●");
      element.style.setProperty("--kind", color);
      const first = at.find(([, latitude]) => latitude !== null);
      const marker = L.marker(first.slice(1), { icon: icon(element, 20), keyboard: false });
      return marker.bindTooltip(tag("div", "title", title), { direction: "top" }).addTo(group);
    });
    slide(group, words, (minutes) => {
      markers.forEach((marker, unit) => {
        const place = placeAt(units[unit].at, minutes * 60);
        marker.setOpacity(place ? 1 : 0);
        if (place) marker.setLatLng(place);
      });
      return clock(minutes, words);
    });
    return group;
  }

  // Marks of the step that the slider shows; one that may lie in several steps shows in each.
  function moments({ marks, looks, labels, shown, ...words }) {
    const group = L.featureGroup();
    const steps = labels.map(() => []);
    for (const [latitude, longitude, look, first, number, lines] of marks) {
      const mark = L.circleMarker([latitude, longitude], { ...looks[look], renderer });
      mark.bindTooltip(() => tooltip(lines), { sticky: true });
      for (let step = first; step < first + number; step += 1) {
        steps[step % labels.length].push(mark);
      }
    }
    slide(group, { from: 0, to: labels.length - 1, every: 4, ...words }, (step) => {
      group.clearLayers();
      for (const mark of steps[step]) group.addLayer(mark);
      return shown.replace("{moment}", labels[step]).replace("{number}", steps[step].length);
    });
    return group;
  }

  // Over the shapes, which share one canvas, and under the markers; it takes no pointer.
  function heat({ image, bounds }) {
    return L.imageOverlay(image, bounds, { pane: "heat", opacity: 0.7 });
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
    const pane = made.createPane("heat");
    Object.assign(pane.style, { zIndex: 450, pointerEvents: "none" });
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

  return { draw, cluster, timed, moments, heat, map, start };
})();
