"""What the readers and the store say: tables of words and sentences, Chinese and English."""

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "streets": ("街道", "streets"),
    "posts": ("观察哨", "posts"),
    "cameras": ("摄像机", "cameras"),
    "areas": ("网格", "areas"),
    "tracks": ("轨迹", "tracks"),
    "incidents": ("事件", "incidents"),
    "buildings": ("建筑物", "buildings"),
    "routes": ("巡逻路线", "routes"),
    "key_sites": ("重点部位", "key sites"),
    "divisions": ("行政区划", "divisions"),
    "jobs": ("任务", "jobs"),
    "processes": ("分析", "processes"),
    "imports": ("导入记录", "imports"),
    "restricted_views": ("受限数据查阅记录", "restricted views"),
    "must_visit": ("必到点", "must-visit points"),
    "addresses": ("地址", "addresses"),
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
    "time_ahead": ("时间在将来", "time in the future"),
    "id_personal": ("编号是身份证号", "id is an identity number"),
    "orphan": ("上级不在名单里", "parent not in the list"),
    "duplicate_code": ("代码重复", "code repeats"),
    "wrong_parent": ("上级与代码不符", "parent does not fit the code"),
    "old_code": ("曾用代码不能用", "former code that cannot be"),
    "code_structure": ("代码结构不对", "code of no known structure"),
    "no_name": ("没有名称", "no name"),
    "far_away": ("离街道太远，无法一同量算", "too far from the streets to be measured with them"),
    "address_unknown": ("地址表里没有这个地址", "address not in the table of addresses"),
    "address_ambiguous": (
        "地址表里这个地址有几个位置",
        "address at several places in the table of addresses",
    ),
}
"""What codes are called in sentences: Chinese, English. The reasons of the quarantine are here."""


STEPS: Final[dict[str, tuple[str, str]]] = {
    "no_geometry": ("补上坐标", "add its place"),
    "empty": ("补上坐标", "add its place"),
    "wrong_kind": (
        "改为所需类型，或放入别的图层",
        "draw it as the kind needed, or move it elsewhere",
    ),
    "one_point_line": ("补画线的另一端", "draw its other end"),
    "invalid_ring": ("在 GIS 软件里修复几何", "repair the geometry in a GIS"),
    "no_place": ("填上真实坐标", "give its real coordinates"),
    "out_of_range": ("核对坐标和坐标系", "check the coordinates and the CRS"),
    "not_a_number": ("改成数字（十进制度）", "write decimal degrees"),
    "id_lost_digits": ("把编号列设为文本再导出", "export the id as text"),
    "time_ahead": ("改正时间", "mend the time"),
    "id_personal": ("换一个编号", "give it another id"),
    "orphan": ("补上上级，或改正代码", "add its parent, or mend the code"),
    "duplicate_code": ("只留一行", "keep one of the rows"),
    "wrong_parent": ("改正上级代码", "mend the code of its parent"),
    "old_code": ("改正或清空曾用代码", "mend the former code, or leave it out"),
    "code_structure": ("改成 12 位代码", "write 12 digits"),
    "no_name": ("填上名称", "give its name"),
    "far_away": ("核对经纬度，或另行计算", "check the coordinates, or run it apart"),
    "address_unknown": (
        "补上坐标，或改成标准地址，或先导入地址表",
        "add its place, write the address as in the table, or import that table first",
    ),
    "address_ambiguous": (
        "补上坐标，或改正地址表",
        "add its place, or mend the table of addresses",
    ),
}
"""What to do about each reason of the quarantine: Chinese, English."""


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
    "no_division_columns": (
        "{file}：找不到区划的{ours}列；表头有：{heads}；请把列名改为 区划代码、名称",
        "{file}: no column for the {ours} of divisions; it has: {heads}; call them code and name",
    ),
    "division_change": (
        "changes：{old} 和 {new} 不是同一级的区划代码；请写成例如 610928 → 610981",
        "changes: {old!r} and {new!r} are no codes of one level; write such as 610928 -> 610981",
    ),
    "division_circle": (
        "新旧代码对照绕成了圈：{codes}；请改正其中一个",
        "the changes of codes run in a circle: {codes}; mend one of them",
    ),
    "division_later": (
        "区划 {division} 自 {since} 起已有更新的记录，不能再从 {on} 起更改；请核对日期",
        "division {division} has a later state, from {since}; it cannot change from {on} on",
    ),
    "division_not_in_scope": (
        "区划 {division} 不在授权范围内",
        "division {division} is outside this access",
    ),
    "osm_kind": (
        "{file} 是 OpenStreetMap 数据，只能读出 {known}，不能读出{kind}",
        "{file} is OpenStreetMap data; it gives {known}, not {kind}",
    ),
    "unknown_ours": (
        "--map：{kind}没有字段 {names}；可用：{known}",
        "--map: {kind} have no column {names}; use one of {known}",
    ),
    "unknown_theirs": (
        "--map：{file} 里没有列 {names}；有：{heads}",
        "--map: {file} has no column {names}; it has: {heads}",
    ),
    "no_place_columns": (
        (
            "{file}：找不到坐标列（经度、纬度，或 x、y，或 WKT 几何）；表头有：{heads}；"
            "请用 --map 指定，例如 --map posts.lon=列名 --map posts.lat=列名"
        ),
        (
            "{file}: no columns with coordinates (lon and lat, x and y, or WKT geometry); it has: "
            "{heads}; name them, such as --map posts.lon=HEAD --map posts.lat=HEAD"
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
    "unknown_database": (
        "不认识数据库地址“{url}”；请用 sqlite:///文件 或 postgresql+psycopg://...",
        "unknown kind of database {url!r}; use sqlite:///FILE or postgresql+psycopg://...",
    ),
    "no_database": (
        "数据库 {url} 打不开（{said}）；请检查地址、文件夹和服务",
        "cannot open the database {url} ({said}); check the address, the folder and the server",
    ),
    "no_database_file": (
        "没有数据库文件 {file}；请检查路径，或先执行 gridpatrol db upgrade",
        "{file}: no such database; check the path, or make it with gridpatrol db upgrade",
    ),
    "no_postgis": (
        (
            "数据库 {url} 没有 PostGIS，当前用户也不能添加（{said}）；"
            "请管理员安装后执行 CREATE EXTENSION postgis"
        ),
        (
            "the database {url} has no PostGIS and this user may not add it ({said}); let an "
            "administrator install it and run CREATE EXTENSION postgis"
        ),
    ),
    "newer_database": (
        "数据库 {url} 是第 {met} 步，本程序只知道 {known}；请升级本程序",
        "the database {url} is at step {met}, but this program knows {known}; update the program",
    ),
    "file_exists": (
        "{file} 已经存在；请换一个文件名",
        "{file} is there already; choose another name",
    ),
    "not_empty": (
        "数据库 {url} 里已有数据；请恢复到空的数据库",
        "the database {url} holds something; restore to an empty one",
    ),
    "no_backup": (
        "{file} 不是本程序的数据库备份；请检查文件",
        "{file} is no backup of a database of ours; check the file",
    ),
    "no_program": (
        (
            "找不到 {program}；请安装 PostgreSQL 客户端（Debian：postgresql-client），"
            "或用服务器自带的备份"
        ),
        (
            "no {program} on PATH; install PostgreSQL's client (Debian: postgresql-client), or "
            "use the backup of the server"
        ),
    ),
    "program_failed": (
        "{program} 在数据库 {url} 上失败：{said}",
        "{program} failed on the database {url}: {said}",
    ),
    "nothing_set_aside": (
        "导入记录 {id} 没有未用的行",
        "import {id} set no row aside",
    ),
    "no_such_row": (
        "{kind}里没有编号 {id} 的记录",
        "{kind}: there is no row {id}",
    ),
    "no_such_area": (
        (
            "网格里没有编号 {id}；已存入的有 {codes}"
            "（gridpatrol serve 打开后，全部见 /collections/areas/items）"
        ),
        (
            "areas: there is no row {id}; stored are {codes} (gridpatrol serve lists all of them "
            "at /collections/areas/items)"
        ),
    ),
    "nothing_stored": (
        "还没有存入{kind}；请先执行 gridpatrol import {layer} 文件",
        "no {kind} are stored yet; run gridpatrol import {layer} FILE first",
    ),
    "no_streets_there": (
        "网格 {id} 一带没有存入街道；请换一个网格，或执行 gridpatrol import streets 文件",
        (
            "no street is stored in or near area {id}; name another area, or run gridpatrol "
            "import streets FILE"
        ),
    ),
    "unknown_column": (
        "{kind}不能按“{met}”统计；可用：{known}",
        "{kind} cannot be counted by {met!r}; use one of {known}",
    ),
    "row_exists": (
        "{kind}里已有 {id}；请改用更新",
        "{kind}: {id} is there already; change it instead",
    ),
    "row_changed": (
        "{kind} {id} 已被他人改过（您读到的是第 {version} 版）；请重新读取再改",
        "{kind} {id} was changed by somebody else since version {version}; read it again first",
    ),
    "no_write": (
        "没有写入权限",
        "this access may read only",
    ),
    "too_many_jobs": (
        "已有 {count} 个任务在排队，请等它们完成，或取消一些再提交",
        "{count} jobs are waiting already; let them finish, or dismiss some, and ask again",
    ),
    "no_covert": (
        "暗哨属于受限数据，没有权限写入",
        "covert posts are restricted: this access may not write them",
    ),
    "covert_stays": (
        "暗哨 {id} 不能改成明哨，也不能改到其他条线；请结束该记录，另建一条",
        "covert post {id} cannot become overt or another line's; end it and enter a new one",
    ),
    "views_of_all_lines": (
        "查阅记录只给看得到全部条线的人看；这里只看得到 {lines}，请由有权限的人查看",
        (
            "the record of restricted views is for those who see all lines; this access sees "
            "{lines}: let somebody look who may"
        ),
    ),
    "covert_rows": (
        (
            "{file}：有 {count} 行是暗哨（第 {rows} 行），没有权限写入；整个文件没有存入，"
            "请去掉这些行，或请有权限的人导入"
        ),
        (
            "{file}: covert posts: {count} (lines {rows}), which this access may not write; "
            "nothing was stored: take them out, or let somebody import it who may"
        ),
    ),
    "covert_exposed": (
        (
            "{file}：有 {count} 行会把已存的暗哨改成明哨；整个文件没有存入，"
            "请在文件里写明暗哨，或先结束这些记录"
        ),
        (
            "{file}: rows that would make stored covert posts overt: {count}; nothing was stored: "
            "say in the file that they are covert, or end those rows first"
        ),
    ),
    "not_in_scope": (
        "不能写入区划 {division} 的{line}数据：不在授权范围内",
        "rows of division {division}, line {line}, are outside this access",
    ),
    "nothing_usable": (
        "{file} 的 {rows} 行都不能用，无法计算；请看各行的原因，改正后再试",
        "{file}: none of its {rows} rows can be used, so nothing can be computed; mend them first",
    ),
    "no_streets": (
        "{file} 没有可用的街道，无法计算；请检查文件和图层",
        "{file}: no street can be used, so nothing can be computed; check the file and the layer",
    ),
    "crs_for_degrees": (
        "{lon}、{lat} 两列是经纬度，不能按投影坐标系 {crs} 读取；请去掉 --crs，或改指坐标列",
        (
            "columns {lon} and {lat} hold degrees, which the projected {crs} has none of; leave "
            "--crs out, or name the columns that it is meant for"
        ),
    ),
    "is_folder": (
        "{file} 是文件夹；请写出其中的文件",
        "{file} is a folder; name a file in it",
    ),
    "unknown_crs": (
        "crs：不认识坐标系“{crs}”；请写成 EPSG:编号，例如 EPSG:4545",
        "crs: unknown coordinate reference system {crs!r}; write EPSG:number, such as EPSG:4545",
    ),
    "unknown_datum": (
        "datum：不认识坐标基准“{met}”；可用：{known}",
        "datum: unknown datum {met!r}; use one of {known}",
    ),
    "mixed_datum": (
        (
            "{file}：坐标混用了两种基准：抽查 {points} 个点，{as_given} 个照现在的基准贴近街道，"
            "另有 {otherwise} 个要按 {datum} 才贴近；请分成两个文件，各自指定坐标基准再导入"
        ),
        (
            "{file}: two datums are mixed: of {points} points looked at, {as_given} lie beside "
            "streets as given and {otherwise} others only as {datum}; split the file and state "
            "the datum of each part"
        ),
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
    "crs_other_zone": (
        (
            "坐标系 {crs} 适用于经度 {west}° 到 {east}°，而数据的中部在 {lon}°，不在这一带；"
            "带号可能写错。坐标仍按 {crs} 换算，请在地图上核对，错了就用 --crs 指定"
        ),
        (
            "{crs} is meant for longitudes {west} to {east}, but the middle of the data lies at "
            "{lon}: the zone may be wrong. Coordinates are taken as {crs} all the same; check "
            "them on a map, and if they are off name the CRS with --crs"
        ),
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
            "坐标基准可能标错，请核对，或加 --datum {option} 重算；库里的数据须重新导入"
        ),
        (
            "the median distance from {kind} to the nearest street is {median_m} m, and would be "
            "{median_if_m} m if {kind} were in {datum} and the streets in {streets_datum}. The "
            "datum may be wrong: check it, or run again with --datum {option}; what is stored "
            "has to be imported again"
        ),
    ),
    "datum_needless": (
        (
            "按 --datum {option} 换算后，{kind}到最近街道的距离中位数为 {median_m} 米；"
            "不换算则为 {median_if_m} 米。坐标可能本来就是 WGS-84，请核对，"
            "或去掉 --datum {option} 重算；库里的数据须重新导入"
        ),
        (
            "converted as --datum {option} asks, the median distance from {kind} to the nearest "
            "street is {median_m} m; unconverted it would be {median_if_m} m. The coordinates may "
            "be WGS-84 already: check them, or run again without --datum {option}; what is stored "
            "has to be imported again"
        ),
    ),
    "datum_by_streets": (
        (
            "{kind}到库中最近街道的距离中位数为 {median_m} 米；若{kind}坐标是 {datum}、街道坐标是 "
            "{streets_datum}，则为 {median_if_m} 米。坐标基准可能标错，请核对；如果是，"
            "请加 --datum {option} 重新导入{met}"
        ),
        (
            "the median distance from {kind} to the nearest stored street is {median_m} m, and "
            "would be {median_if_m} m if {kind} were in {datum} and the streets in "
            "{streets_datum}. The datum may be wrong: check it, and if so import the {met} again "
            "with --datum {option}"
        ),
    ),
    "datum_by_areas": (
        (
            "{total} 个{kind}中有 {count} 个不在自己编码所指的网格里；若{kind}坐标是 {datum}、"
            "网格坐标是 {areas_datum}，则只有 {count_if} 个。坐标基准可能标错，请核对；如果是，"
            "请加 --datum {option} 重新导入{met}"
        ),
        (
            "{count} of {total} {kind} lie outside the area whose code they carry, and {count_if} "
            "would if {kind} were in {datum} and the areas in {areas_datum}. The datum may be "
            "wrong: check it, and if so import the {met} again with --datum {option}"
        ),
    ),
    "datum_by_borders": (
        (
            "{count} 个网格与库中同编码网格的边界相距中位数 {median_m} 米；若本文件是 {datum}、"
            "库中的是 {areas_datum}，则为 {median_if_m} 米。坐标基准可能标错，请核对；如果是，"
            "请加 --datum {option} 重新导入{met}"
        ),
        (
            "the borders of {count} areas lie {median_m} m (median) from the stored borders of "
            "the same codes, and would lie {median_if_m} m from them if this file were in {datum} "
            "and the store in {areas_datum}. The datum may be wrong: check it, and if so import "
            "the {met} again with --datum {option}"
        ),
    ),
    "rows_far_away": (
        "有 {count} 行离其余数据太远，已单独存放；请检查这些行的经纬度",
        "{count} rows lie too far from the rest and were set aside; check their coordinates",
    ),
    "far_from_streets": (
        (
            "{total} 个点中有 {count} 个离最近的街道超过 {distance_m} 米；"
            "两个图层可能不是同一个地方，或经纬度写反，或坐标基准不对，请核对"
        ),
        (
            "{count} of {total} points lie more than {distance_m} m from the nearest street; the "
            "two layers may be of two places, or longitude and latitude exchanged, or the datum "
            "wrong"
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
    "examples_skipped": (
        "示例行没有读入（第 {rows} 行）",
        "example rows were not read (lines {rows})",
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
    "personal_masked": (
        "“{column}”列有 {count} 行含有电话、证件号或车牌，已用 *** 代替（第 {rows} 行）",
        (
            "column {column}: phone, identity or plate numbers replaced by *** in {count} rows "
            "(lines {rows})"
        ),
    ),
    "count_in_words": (
        (
            "“{column}”列应是数目，有 {count} 行写的是文字，可能是人名，按缺失处理，"
            "也不在这里重复（第 {rows} 行）"
        ),
        (
            "column {column}: words where a number is due, which may be names, taken as missing "
            "and not repeated here (rows: {count}, lines {rows})"
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
            "headings that are no number, compass point, list or range, taken as unknown: {values} "
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
    "code_unknown": (
        "“{column}”列有 {count} 行的值不在代码表里，照原样保留：{values}（第 {rows} 行）",
        (
            "column {column}: values that are in no code list, kept as they came: {values} "
            "(rows: {count}, lines {rows})"
        ),
    ),
    "code_unknown_as": (
        "“{column}”列有 {count} 行的值不在代码表里，按 {taken} 处理：{values}（第 {rows} 行）",
        (
            "column {column}: values that are in no code list, taken as {taken}: {values} "
            "(rows: {count}, lines {rows})"
        ),
    ),
    "duty_unknown": (
        "“{column}”列有 {count} 行写了职责表以外的职责，没有读入：{values}（第 {rows} 行）",
        (
            "column {column}: duties that are none of the seven, left out: {values} "
            "(rows: {count}, lines {rows})"
        ),
    ),
    "covert_by_name": (
        "没有写明暗的观察哨中，有 {count} 行的类型或名称说是暗哨，按暗哨处理（第 {rows} 行）",
        (
            "posts without visibility whose kind or name says that they are covert, taken as "
            "such: {count} (lines {rows})"
        ),
    ),
    "no_cameras": (
        "有 {count} 个监控对象不是摄像机，没有读入：{values}",
        "objects of surveillance that are no cameras, left out: {values} ({count})",
    ),
    "codes_renamed": (
        "{count} 个区划代码按新旧对照改为新码",
        "division codes turned into the new ones: {count}",
    ),
    "kind_round_view": (
        "{count} 行标明环视，类型按全景处理",
        "rows marked round-view: {count}; their kind is taken as panoramic",
    ),
    "time_zone_converted": (
        "“{column}”列有 {count} 行带时区，已换成北京时间",
        "column {column}: times with a zone: {count}; turned into Asia/Shanghai time",
    ),
    "address_placed": (
        "{count} 行没有坐标，按地址表里的地址落位",
        "rows without coordinates, placed by the table of addresses: {count}",
    ),
    "address_unmatched": (
        "{count} 行没有坐标，地址在地址表里也找不到唯一的位置（第 {rows} 行）",
        (
            "rows without coordinates whose address has no one place in the table of addresses: "
            "{count} (lines {rows})"
        ),
    ),
    "kept_placeless": (
        "{count} 行没有位置，照样存入",
        "rows stored without a place: {count}",
    ),
    "no_coordinates": (
        (
            "{file} 没有坐标列，各行只能按地址或网格代码落位；坐标若在别的列里，请用 --map 指定。"
            "表头有：{heads}"
        ),
        (
            "{file} has no columns with coordinates: its rows can only be placed by address or "
            "area code; if other columns hold them, name those with --map; it has: {heads}"
        ),
    ),
    "rows_quarantined": (
        "{total} 行中有 {count} 行不能用，已单独存放：{reasons}",
        "rows that cannot be used: {count} of {total}, set aside: {reasons}",
    ),
}
"""Every sentence by its code: Chinese, English. Fields are filled from the values of the note."""
