"""What `data` refuses: a table of sentences, Chinese and English."""

from typing import Final

REFUSALS: Final[dict[str, tuple[str, str]]] = {
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
    "not_of_ledgers": (
        "{kind} 没有坐标，不用 {names}；请去掉，列名照模板写",
        (
            "{kind} has no places and takes no {names}; leave it out, and name the heads as in the "
            "template"
        ),
    ),
    "no_division_columns": (
        "{file}：找不到区划的{ours}列；表头有：{heads}；请把列名改为 区划代码、名称",
        "{file}: no column for the {ours} of divisions; it has: {heads}; call them code and name",
    ),
    "no_volunteer_columns": (
        (
            "{file}：没有 {names} 列；其余表头有：{heads}；这里只收按职业统计的数目"
            "（职业、人数、线索数），不收人员名单"
        ),
        (
            "{file}: no column {names}; it has: {heads}; what is read are counts by occupation "
            "(occupation, people, leads), never a list of people"
        ),
    ),
    "no_workers_columns": (
        (
            "{file}：没有 {names} 列；其余表头有：{heads}；每行写一个岗位和它的网格编码，"
            "不写人名、电话"
        ),
        (
            "{file}: no column {names}; it has: {heads}; a row is one slot with the code of its "
            "grid (area_code), without names or telephones"
        ),
    ),
    "no_work_columns": (
        (
            "{file}：没有 {names} 列；其余表头有：{heads}；每行写一个网格一个月一类工作的数量"
            "（网格编码、月份、工作类型、数量）"
        ),
        (
            "{file}: no column {names}; it has: {heads}; a row counts one kind of work of one "
            "grid in one month (area_code, month, kind, count)"
        ),
    ),
    "no_state_columns": (
        "{file}：没有 {names} 列；其余表头有：{heads}；每行写一台摄像机在一个时间是否在线",
        (
            "{file}: no column {names}; it has: {heads}; a row says of one camera at one time "
            "whether it was online (camera_id, time, online)"
        ),
    ),
    "no_fault_columns": (
        "{file}：没有 {names} 列；其余表头有：{heads}；每行写一次故障，修好了的写修复时间",
        (
            "{file}: no column {names}; it has: {heads}; a row is a fault (camera_id, fault_at, "
            "and repaired_at once it is repaired)"
        ),
    ),
    "several_periods": (
        "{file}：有几个统计周期：{periods}；同一个人会重复计数，请一个周期一个文件",
        "{file}: several periods: {periods}; people would count twice: give one period a file",
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
    "row_later": (
        (
            "{kind} {ids} 在 {on} 之后已有更新的版本（共 {count} 个），不能再从 {on} 起更改；"
            "请核对日期"
        ),
        (
            "{kind} {ids} ({count}) have a state that begins after {on}; they cannot change from "
            "{on} on: check the day"
        ),
    ),
    "undated": (
        "{kind}的每一行自己写明时间，不能另定生效日期；请去掉 --from",
        "{kind} say by themselves when they were; no first day can be given: leave out --from",
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
    "no_grids_of": (
        (
            "没有以 {id} 为上级的网格；请给出村（社区）的编号，即网格的 parent_id"
            "（/collections/areas/items 可查）"
        ),
        (
            "no grid names {id} as its parent; give the code of a village, which is the parent_id "
            "of its grids (see /collections/areas/items)"
        ),
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
    "no_poles_there": (
        "网格 {id} 里没有存入杆位，新增摄像机没有地方装；请先执行 gridpatrol import poles 文件",
        (
            "no pole is stored in area {id}, so new cameras have nowhere to hang; run gridpatrol "
            "import poles FILE first"
        ),
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
        "{file} 的 {rows} 行都不能用（{reasons}），无法计算；改正后再试",
        (
            "{file}: none of its {rows} rows can be used ({reasons}), so nothing can be computed; "
            "mend them first"
        ),
    ),
    "sites_without_ids": (
        (
            "{file} 没有可用的编号，无法知道出入口属于哪个重点部位；"
            "请给每个重点部位一个不重复的编号，或去掉 --entrances"
        ),
        (
            "{file} has no usable ids, so nobody can tell which entrance is whose: give each key "
            "site an id (site_id) of its own, or leave out --entrances"
        ),
    ),
    "no_incidents": (
        "{file} 没有一行事项；确认选对了文件和工作表（FILE:表名）",
        "{file} has no row; is it the right file, and the right sheet (FILE:SHEET)?",
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
}
"""Every refusal by its code: Chinese, English. Fields are filled from the values of the error."""
