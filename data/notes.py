"""What the reader says: one table of sentences, Chinese and English side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

SHOWN: Final = 10
"""Items of a list that a sentence shows; the rest is counted, so that it fits a screen."""

WORDS: Final[dict[str, tuple[str, str]]] = {
    "streets": ("街道", "streets"),
    "posts": ("岗哨", "posts"),
    "cameras": ("摄像机", "cameras"),
    "areas": ("网格", "areas"),
    "tracks": ("轨迹", "tracks"),
    "incidents": ("事件", "incidents"),
    "buildings": ("建筑物", "buildings"),
    "Point": ("点", "Point"),
    "LineString": ("线", "LineString"),
    "LinearRing": ("闭合线", "LinearRing"),
    "Polygon": ("面", "Polygon"),
    "MultiPoint": ("多点", "MultiPoint"),
    "MultiLineString": ("多线", "MultiLineString"),
    "MultiPolygon": ("多面", "MultiPolygon"),
    "GeometryCollection": ("几何集合", "GeometryCollection"),
    "curve": ("曲线或曲面", "curve or surface"),
    "wgs84": ("WGS-84", "WGS-84"),
    "gcj02": ("GCJ-02", "GCJ-02"),
    "bd09": ("BD-09", "BD-09"),
    "cgcs2000": ("CGCS2000", "CGCS2000"),
    "no_geometry": ("没有几何", "no geometry"),
    "empty": ("几何为空", "empty geometry"),
    "wrong_kind": ("几何类型不对", "wrong kind of geometry"),
    "one_point_line": ("线不足两个不同的点", "line of fewer than two distinct points"),
    "invalid_ring": ("面的边界有误", "invalid ring"),
    "no_place": ("坐标为 0，没有位置", "both coordinates 0: no place"),
    "out_of_range": ("坐标超出范围", "coordinates out of range"),
    "not_a_number": ("坐标不是数字", "coordinates are not numbers"),
    "id_lost_digits": ("编号丢失位数", "id lost its digits"),
}
"""What codes are called in sentences: Chinese, English. The reasons of the quarantine are here."""

CHOICES: Final = frozenset({"layers", "heads", "known", "readable", "near"})
"""Fields that list what may be chosen: shown whole."""

WORD_FIELDS: Final = frozenset(
    {"kind", "kinds", "met", "expected", "datum", "streets_datum", "reasons"}
)
"""Fields of sentences whose values are looked up in `WORDS`; all others are quoted as met."""

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # --- refusals
    "missing_file": (
        "没有文件 {path}；请检查路径",
        "{path}: no such file; check the path",
    ),
    "missing_file_near": (
        "没有文件 {path}；同一文件夹里有相近的：{near}",
        "{path}: no such file; the folder has similar names: {near}",
    ),
    "unknown_extension": (
        "{file}：不能读取扩展名“{extension}”；可以读取 {readable}",
        "{file}: cannot read files that end in {extension!r}; use one of {readable}",
    ),
    "unreadable_file": (
        "{file}：文件打不开（{said}）；请用原来的软件重新导出",
        "{file}: cannot be opened ({said}); export it again from the program it came from",
    ),
    "unknown_encoding": (
        "{file}：文字既不是 UTF-8 也不是 GB18030；请另存为 UTF-8 编码的 CSV",
        "{file}: the text is neither UTF-8 nor GB18030; save it as CSV in UTF-8",
    ),
    "several_layers": (
        "{file} 有几个图层：{layers}；请写成 {file}:图层名",
        "{file} has several layers: {layers}; name one as {file}:LAYER",
    ),
    "unknown_layer": (
        "{file} 里没有图层“{layer}”；有：{layers}",
        "{file} has no layer {layer!r}; it has: {layers}",
    ),
    "no_layers": (
        "{file} 里没有图层；请检查文件",
        "{file} holds no layer; check the file",
    ),
    "unknown_kind": (
        "不认识图层类别“{met}”；可用：{known}",
        "kind: unknown kind of layer {met!r}; use one of {known}",
    ),
    "unknown_ours": (
        "columns：{kind}没有字段 {names}；可用：{known}",
        "columns: {kind} have no column {names}; use one of {known}",
    ),
    "unknown_theirs": (
        "columns：{file} 里没有列 {names}；有：{heads}",
        "columns: {file} has no column {names}; it has: {heads}",
    ),
    "no_place_columns": (
        (
            "{file}：找不到坐标列（经度、纬度，或 x、y，或 WKT 几何）；表头有：{heads}；"
            "请用 columns 指定，例如 lon=列名、lat=列名"
        ),
        (
            "{file}: no columns with coordinates (lon and lat, x and y, or WKT geometry); it has: "
            "{heads}; name them in columns, such as lon=HEAD and lat=HEAD"
        ),
    ),
    "no_crs_file": (
        "{file}：没有坐标系，坐标（例如 {example}）也不像经纬度；请用 --crs 指定，例如 EPSG:4545",
        (
            "{file}: no CRS, and its coordinates (such as {example}) do not look like degrees; "
            "name the CRS with --crs, such as EPSG:4545"
        ),
    ),
    "no_crs_table": (
        (
            "{file}：{x}、{y} 两列（例如 {example}）不像经纬度，也没有带号；"
            "请用 --crs 指定坐标系，例如 EPSG:4545"
        ),
        (
            "{file}: columns {x} and {y} (such as {example}) look neither like degrees nor like "
            "eastings with a zone number; name the CRS with --crs, such as EPSG:4545"
        ),
    ),
    "no_streets": (
        "{file} 没有可用的街道，无法计算；请检查文件和图层",
        "{file}: no street can be used, so nothing can be computed; check the file and the layer",
    ),
    "unknown_crs": (
        "crs：不认识坐标系“{crs}”；请写成 EPSG:编号，例如 EPSG:4545",
        "crs: unknown coordinate reference system {crs!r}; write EPSG:number, such as EPSG:4545",
    ),
    "unknown_datum": (
        "datum：不认识坐标基准“{met}”；可用：{known}",
        "datum: unknown datum {met!r}; use one of {known}",
    ),
    "wrong_kind_everywhere": (
        "{file}：作为{kind}读取需要{expected}，但全部 {count} 行都是{met}；参数是不是写反了？",
        (
            "{file}: {kind} need {expected}, but all {count} rows are {met}; are two arguments "
            "swapped?"
        ),
    ),
    # --- notes
    "empty_layer": (
        "{file} 没有数据行",
        "{file} has no rows",
    ),
    "crs_assumed": (
        "{file} 没有坐标系；坐标像经纬度，按 EPSG:4326 处理",
        "{file} has no CRS; its coordinates look like degrees and are taken as EPSG:4326",
    ),
    "crs_overridden": (
        "{file} 自带坐标系 {stated}，按指定的 {taken} 处理",
        "{file} states {stated}; taken as {taken}, as asked",
    ),
    "crs_reprojected": (
        "坐标由 {crs} 转为经纬度",
        "coordinates turned from {crs} to degrees",
    ),
    "crs_zone": (
        "横坐标带有带号 {zone}，按 {degrees} 度带 {crs} 处理",
        "the eastings carry zone number {zone}: taken as {crs}, a {degrees}-degree zone",
    ),
    "axes_swapped": (
        "“{x}”列是北坐标、“{y}”列是东坐标（测量习惯 X 向北），已对调",
        "column {x} holds northings and column {y} eastings (survey order); exchanged",
    ),
    "lonlat_swapped": (
        "经度列“{lon}”与纬度列“{lat}”写反了，已对调",
        "longitude column {lon} and latitude column {lat} are exchanged in the file; put right",
    ),
    "degrees_assumed": (
        "{x}、{y} 两列的数值是经纬度，按度处理",
        "columns {x} and {y} hold degrees; taken as longitude and latitude",
    ),
    "z_dropped": (
        "{count} 行带有高程，只保留平面坐标",
        "rows with heights: {count}; only the plane coordinates are kept",
    ),
    "datum_converted": (
        "坐标由 {datum} 转为 WGS-84（近似，非官方）",
        "coordinates converted from {datum} to WGS-84 (approximate, unofficial)",
    ),
    "datum_suspected": (
        (
            "{kind}到最近街道的距离中位数为 {median_m} 米；"
            "若{kind}坐标是 {datum}、街道坐标是 {streets_datum}，则为 {median_if_m} 米。"
            "坐标基准可能标错，请核对，或加 --datum {option} 重算"
        ),
        (
            "the median distance from {kind} to the nearest street is {median_m} m, and would be "
            "{median_if_m} m if {kind} were in {datum} and the streets in {streets_datum}. The "
            "datum may be wrong: check it, or run again with --datum {option}"
        ),
    ),
    "datum_cgcs2000": (
        "坐标为 CGCS2000，按 WGS-84 使用（相差不到 1 米）",
        "coordinates are CGCS2000, used as WGS-84 (they differ by less than a metre)",
    ),
    "head_row": (
        "表头在第 {row} 行",
        "the heads stand in line {row}",
    ),
    "encoding_guessed": (
        "{file} 没有（或写错了）.cpg 编码文件，文字按 {encoding} 读取",
        "{file}: the .cpg file with the text encoding is missing or wrong; text read as {encoding}",
    ),
    "ragged_rows": (
        "{count} 行的单元格比表头多，多出的没有读（第 {rows} 行）",
        "rows with more cells than heads: {count} (lines {rows}); the surplus was not read",
    ),
    "gdal_said": (
        "读取 {file} 时 GDAL 提示：{said}",
        "GDAL said while reading {file}: {said}",
    ),
    "several_heads": (
        "有几列可作 {ours}：{heads}；用了 {taken}",
        "several columns could be {ours}: {heads}; took {taken}",
    ),
    "columns_ignored": (
        "有 {count} 列没有用到：{names}",
        "columns not used ({count}): {names}",
    ),
    "personal_dropped": (
        "像是个人信息的列没有读入：{names}",
        "columns that look like personal data were left out: {names}",
    ),
    "personal_suspected": (
        "“{column}”列有 {count} 行像是含有电话、证件号或车牌（第 {rows} 行），请检查",
        (
            "column {column}: cells that seem to hold phone, identity or plate numbers: {count} "
            "(lines {rows}); please check"
        ),
    ),
    "id_none": (
        "没有编号列，{total} 行从 0 起编号",
        "no id column; rows are numbered from 0 ({total} in all)",
    ),
    "id_incomplete": (
        "“{column}”列有 {missing} 行是空的（共 {total} 行），不能作编号；各行从 0 起编号",
        (
            "column {column} is empty in {missing} of {total} rows and cannot be the id; rows are "
            "numbered from 0"
        ),
    ),
    "id_repeats": (
        (
            "“{column}”列不唯一：{total} 行只有 {distinct} 个不同的值，"
            "即 {surplus} 行重复了前面的值（{sharing} 行与别的行同值）；各行从 0 起编号"
        ),
        (
            "column {column} is not unique: {total} rows hold {distinct} different values, so "
            "{surplus} rows repeat an earlier value ({sharing} rows share theirs with another "
            "row); rows are numbered from 0"
        ),
    ),
    "azimuth_unknown": (
        "{count} 行的朝向读不懂，按朝向未知处理：{values}（第 {rows} 行）",
        (
            "headings that are not one number or compass point, taken as unknown: {values} "
            "(rows: {count}, lines {rows})"
        ),
    ),
    "value_unreadable": (
        "“{column}”列有 {count} 行的值不能用，按缺失处理：{values}（第 {rows} 行）",
        (
            "column {column}: values that cannot be used, taken as missing: {values} "
            "(rows: {count}, lines {rows})"
        ),
    ),
    "kind_unknown": (
        "{count} 行的摄像机类型不认识，照原样保留：{values}（第 {rows} 行）",
        "unknown kinds of camera, kept as they came: {values} (rows: {count}, lines {rows})",
    ),
    "kind_round_view": (
        "{count} 行标明环视，类型按全景处理",
        "rows marked round-view: {count}; their kind is taken as panoramic",
    ),
    "time_zone_converted": (
        "“{column}”列有 {count} 行带时区，已换成北京时间",
        "column {column}: times with a zone: {count}; turned into Asia/Shanghai time",
    ),
    "rows_quarantined": (
        "{total} 行中有 {count} 行不能用，已单独存放：{reasons}",
        "rows that cannot be used: {count} of {total}, set aside: {reasons}",
    ),
}
"""Every sentence by its code: Chinese, English. Fields are filled from the values of the note."""


@dataclass(frozen=True)
class Note:
    """
    One thing the reader decided, found or refused.

    Parameters
    ----------
    code
        Which sentence of `TEXTS` it is.
    values
        What the sentence names. Lists are whole; only the sentence shortens them.
    """

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: str = "zh") -> str:
        """Return the sentence in Chinese ("zh") or English ("en")."""
        column = _column(lang)
        spoken = {name: _spoken(name, value, column) for name, value in self.values.items()}
        return TEXTS[self.code][column].format(**spoken)


def word(code: str, lang: str = "zh") -> str:
    """
    Return what a code, such as the reason of a quarantined row, is called.

    Parameters
    ----------
    code
        A key of `WORDS`.
    lang
        "zh" or "en".

    Returns
    -------
    text
        Its word.
    """
    return WORDS[code][_column(lang)]


def _column(lang: str) -> int:
    if lang not in ("zh", "en"):
        raise ValueError(f'lang: unknown language {lang!r}; use "zh" or "en"')
    return 0 if lang == "zh" else 1


def _spoken(name: str, value: object, column: int) -> str:
    """Write one value as it stands in a sentence: words looked up, lists short."""
    if isinstance(value, Mapping):
        items = [f"{_spoken(name, key, column)} {count:,}" for key, count in value.items()]
        return _joined(items, column)
    if isinstance(value, list | tuple):
        # Items of lists are names and line numbers: no thousands separator.
        items = [_named(name, str(item), column) for item in value]
        return _joined(items, column, shown=len(items) if name in CHOICES else SHOWN)
    if isinstance(value, int):
        return f"{value:,}"
    return _named(name, str(value), column)


def _named(name: str, text: str, column: int) -> str:
    if name in WORD_FIELDS and text in WORDS:
        return WORDS[text][column]
    return text


def _joined(items: list[str], column: int, *, shown: int = SHOWN) -> str:
    """Join the first items and count the rest."""
    text = ("、", ", ")[column].join(items[:shown])
    rest = len(items) - shown
    if rest <= 0:
        return text
    return f"{text} 等 {len(items)} 项" if column == 0 else f"{text} and {rest} more"
