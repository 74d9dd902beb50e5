"""What the readers and imports remark: a table of sentences, Chinese and English."""

from typing import Final

REMARKS: Final[dict[str, tuple[str, str]]] = {
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
    "access_dropped": (
        "网络地址、账号密码或图片的列不保存，没有读入：{names}",
        "columns of network addresses, accounts or pictures are never kept, left out: {names}",
    ),
    "access_masked": (
        "“{column}”列有 {count} 行含有网络地址，已用 *** 代替（第 {rows} 行）",
        "column {column}: network addresses replaced by *** in {count} rows (lines {rows})",
    ),
    "groups_added_up": (
        "{count} 行与前面的行同网格、同职业，数目已合在一起（第 {rows} 行）",
        "rows of the same area and occupation as one before, added up: {count} (lines {rows})",
    ),
    "entrances_unmatched": (
        "{count} 个出入口写的编号不在重点部位里，不计入，只列出：{values}（第 {rows} 行）",
        "entrances of no key site, only listed ({count}): {values} (lines {rows})",
    ),
    "needs_not_listed": (
        "{file} 里没有{kinds}：有没有按不知道处理，不算缺少",
        "{file} lists no {kinds}: whether schools have them is unknown, not missing",
    ),
    "no_schools": (
        "重点部位里没有学校，{file} 没有用到",
        "no key site is a school: {file} serves nothing",
    ),
    "incidents_weighed": (
        "{count} 起事件计入需求，每起相当于 {point_m} 米街面；{left_out} 起没有可用的位置，未计入",
        "incidents weighed: {count}, each {point_m} m of street; without usable place: {left_out}",
    ),
    "no_repairs": (
        "{file} 没有修复时间列，所有故障都按没有修好处理",
        "{file} has no column of repairs (repaired_at): all faults are taken as open",
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
    "id_type_unknown": (
        "{count} 行的国标编码第 11—13 位不是已知的设备类型，照样读入：{values}（第 {rows} 行）",
        (
            "ids whose 11th to 13th digits are no known type of device, kept: {values} "
            "(rows: {count}, lines {rows})"
        ),
    ),
    "indoor_by_code": (
        (
            "“{column}”列 {total} 行中有 {count} 行是 2（室内）；国标里 1 是室外、2 是室内，"
            "常有写反的，请核对"
        ),
        (
            "column {column}: {count} of {total} rows say 2, indoors; in the standard 1 is "
            "outdoors and 2 indoors, and sheets often have it reversed: please check"
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
    "grid_code_odd": (
        "{count} 个{kind}的编码不合编码规则，照样读入：{values}（第 {rows} 行）",
        (
            "codes that break the rules of their kind ({kind}), kept: {values} "
            "(rows: {count}, lines {rows})"
        ),
    ),
    "grid_elsewhere": (
        "{count} 个网格的编码与上级编码不是同一个村（社区），照样读入：{values}（第 {rows} 行）",
        (
            "grids whose code begins with another village than their parent_id, kept: {values} "
            "(rows: {count}, lines {rows})"
        ),
    ),
    "grid_kind_missing": (
        "{count} 行没有写网格种类，按种类未知读入：{values}（第 {rows} 行）",
        "areas whose kind is not said, read as unknown: {values} (rows: {count}, lines {rows})",
    ),
    "code_untold": (
        (
            "“{column}”列有 {count} 行的值不在代码表里，可能是人名，没有读入，"
            "也不在这里重复（第 {rows} 行）"
        ),
        (
            "column {column}: values that are in no code list and may be names, left out and not "
            "repeated here (rows: {count}, lines {rows})"
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
    "cameras_placeless": (
        "{count} 台摄像机没有坐标（0,0 也算没有），照样存入：{names}（第 {rows} 行）",
        (
            "cameras without coordinates (0, 0 is none), stored all the same: {names} "
            "(rows: {count}, lines {rows})"
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
"""Every remark by its code: Chinese, English. Fields are filled from the values of the note."""
