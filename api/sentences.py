"""What the service refuses: tables of sentences, Chinese and English side by side."""

from typing import Final

from geo import GeoError, InvalidParameterError
from geo.errors import ColumnError, CRSError, GeometryError, NotTurnedError, PatrolError

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "bad_box": (
        "bbox：“{met}”不是范围；请写成 西,南,东,北（度），西不大于东，南不大于北",
        "bbox: {met!r} is no box; write west,south,east,north in degrees, west not above east",
    ),
    "bad_time": (
        "{name}：“{met}”不是时间；请写成 2024-05-01、2024-05-01T08:00:00 或 起/止（可写 ..）",
        "{name}: {met!r} is no time; write 2024-05-01, 2024-05-01T08:00:00 or start/end (or ..)",
    ),
    "no_interval": (
        "datetime：{kind} 没有发生时间，只能给出一天，例如 2024-05-01",
        "datetime: {kind} have no time of their own; give one day, such as 2024-05-01",
    ),
    "bad_token": (
        "token：“{met}”不是本服务给出的；请从第一页重新开始",
        "token: {met!r} was not given by this service; begin with the first page again",
    ),
    "unknown_parameters": (
        "不认识参数 {names}；可用：{known}",
        "unknown parameters {names}; use some of {known}",
    ),
    "repeated_parameter": (
        "参数 {names} 只能给一次",
        "{names}: give this parameter once",
    ),
    "bad_value": (
        "{name}：“{met}”不能用；应为{wanted}",
        "{name}: {met!r} cannot be used; give {wanted}",
    ),
    "not_listed": (
        "{name}：“{met}”不在清单里；应为其中之一：{known}",
        "{name}: {met!r} is not in the list; give one of {known}",
    ),
    "unknown_property": (
        "properties：{kind} 没有可写的 {names}；可用：{known}",
        "properties: {kind} have no {names} to write; use some of {known}",
    ),
    "personal_value": (
        "{name}：里面有手机号、身份证号或车牌；只登记场所，不登记人，请删去",
        "{name}: holds a mobile, identity or plate number; places only, not people: leave it out",
    ),
    "bad_geometry": (
        "geometry：不能用（{why}）；{kind} 应为 {wanted}，经纬度（WGS-84）",
        "geometry: cannot be used ({why}); {kind} take {wanted} in degrees of WGS-84",
    ),
    "no_if_match": (
        "请在 If-Match 里给出读到的 ETag，以免覆盖他人的修改",
        "send the ETag that you read as If-Match, so that nobody's change is lost",
    ),
    "version_differs": (
        "读取之后已被改过；请重新读取再改",
        "it was changed since you read it; read it again first",
    ),
    "locked": (
        "请用终端里打印的地址打开（地址只能用一次），或在 Authorization 里给出令牌",
        "open the address printed in the terminal (it works once), or send a bearer token",
    ),
    "not_valid": (
        "请求不合要求；见 errors",
        "the request is not valid; see errors",
    ),
    "no_database": (
        "数据库现在不可用；请稍后再试，或查看服务日志",
        "the database cannot be used now; try again later, or read the log of the service",
    ),
    "failed": (
        "服务出错，已记入日志",
        "the service failed; its log says why",
    ),
    "too_large": (
        "一次最多发送 {most_mb} MB；请把文件拆小，或去掉用不到的图层和列",
        "a request may send {most_mb} MB; split the file, or leave out layers and columns",
    ),
    "no_length": (
        "请在 Content-Length 里给出内容的长度",
        "send the length of the content as Content-Length",
    ),
    "foreign_origin": (
        "这个请求来自别的网站，没有执行；请在本服务的页面上操作",
        "the request comes from a page of another site; use the pages of this service",
    ),
    "no_upload": (
        "这次上传已过期、已入库，或不是您的；请重新选择文件",
        "this upload has expired, is stored already, or is not yours; choose the file again",
    ),
    "no_file": (
        "还没有选择文件；请选择要导入的文件",
        "file: choose the file to import",
    ),
    "unpacks_too_large": (
        "{name}：解压后有 {met_mb} MB，最多 {most_mb} MB；请拆成几个文件",
        "{name}: unpacks to {met_mb} MB, more than {most_mb} MB; split it",
    ),
    "not_zip": (
        "{name}：不是完整的压缩文件；请重新导出",
        "{name}: is no whole archive; export it again",
    ),
    "ask_as_job": (
        "当场算不完（附近有 {count} 条街道，观察距离 {reach_m} 米）；请改用任务：{path}",
        "too much to wait for ({count} streets near it, reach {reach_m} m); ask for a job: {path}",
    ),
    "nothing_to_weigh": (
        "没有{names}的数据，不能按它计算；请先导入，或换一个权重",
        "nothing is known of {names}, so nothing can be weighed by it; import it, or weigh another",
    ),
    "ask_division_as_job": (
        "当场算不完（村里有 {count} 座建筑）；请改用任务：{path}",
        "too much to wait for ({count} buildings in the village); ask for a job: {path}",
    ),
    "ask_report_as_job": (
        "当场算不完（有 {count} 个定位点）；请改用任务：{path}",
        "too much to wait for ({count} positions); ask for a job: {path}",
    ),
    "too_many_incidents": (
        (
            "当场算不完（有 {count} 条事件，最多 {most} 条）；请换小一些的网格，月报请改用任务："
            "POST /processes/incident-report/execution"
        ),
        (
            "too much to wait for ({count} incidents, more than {most}); name a smaller area, or "
            "ask for the month as a job: POST /processes/incident-report/execution"
        ),
    ),
    "days_without_incidents": (
        "这些日子还没有过完，也还没有数据；已有的事件从 {first} 到 {last}，请换成其中的日子",
        (
            "these days are not over, and without data; incidents are known from {first} to "
            "{last}: ask for those"
        ),
    ),
    "ask_month_as_job": (
        "当场算不完；请改用任务：{path}",
        "too much to wait for; ask for a job: {path}",
    ),
    "spots_unfit": (
        "方格不能比路段更细，留出检验的周数也不能把前面的日子占完；请把 cell_m 改大，或少留几周",
        (
            "cells may not be finer than a street segment, and the weeks held out must leave days "
            "before them; make cell_m larger, or hold out fewer weeks"
        ),
    ),
    "no_incident_placed": (
        "没有一条事件有位置，看不出热点；请补上坐标或地址后再导入，或换一个网格",
        (
            "no incident has a place, so there are no hot spots to see; import places or "
            "addresses, or name another area"
        ),
    ),
    "too_many_cells": (
        "方格太多（{count} 个，最多 {most} 个）；请把 cell_m 改大，或换一个小一些的网格",
        "too many cells ({count}, more than {most}); make cell_m larger, or name a smaller area",
    ),
    "ask_spots_as_job": (
        "当场算不完（{count} 条事件、{streets} 条街道、{cells} 个方格）；请改用任务：{path}",
        (
            "too much to wait for ({count} incidents, {streets} streets, {cells} cells); ask for "
            "a job: {path}"
        ),
    ),
    "no_streets_near_place": (
        "{lon},{lat} 一带没有存入街道；请核对经纬度（WGS-84，经度在前），或先导入街道",
        (
            "no street is stored near {lon},{lat}; check the place (WGS-84, longitude first), or "
            "import streets"
        ),
    ),
    "too_many_streets_to_wait": (
        (
            "当场算不完（有 {count} 条街道，最多 {most} 条）；请用授权范围小一些的连接，或用命令 "
            "gridpatrol response"
        ),
        (
            "too much to wait for ({count} streets, more than {most}); open the store for a "
            "smaller division, or use the command gridpatrol response"
        ),
    ),
    "too_many_streets": (
        "附近有 {count} 条街道，最多 {most} 条；请换一个小一些的巡区",
        "{count} streets near it, more than {most}; name a smaller area",
    ),
    "ask_turns_as_job": (
        (
            "当场算不完（附近有 {cameras} 台摄像机、{count} 条街道，每 {step_deg} 度一个朝向）；"
            "请改用任务：{path}"
        ),
        (
            "too much to wait for ({cameras} cameras and {count} streets near it, a heading every "
            "{step_deg} degrees); ask for a job: {path}"
        ),
    ),
    "restricted": (
        "盲区和无人看到的出口属于受限数据，没有权限查看；请由有权限的人查看",
        (
            "where nobody looks is restricted, and this access may not see it; ask somebody who "
            "has the right"
        ),
    ),
    "lone_shapefile": (
        "{name}：shapefile 由几个文件组成；请把同名的 .shp、.shx、.dbf、.prj 一起压成 .zip 再上传",
        "{name}: a shapefile is several files; upload a .zip of its .shp, .shx, .dbf and .prj",
    ),
    "no_camera_place": (
        "摄像机 {id} 没有位置；请同时给出 lon 和 lat",
        "camera {id} has no place; give lon and lat as well",
    ),
    "moved_too_far": (
        "移动了 {met_m} 米，最多 {most_m:.0f} 米；更远的地点请按另一台摄像机考虑",
        "moved by {met_m} m, {most_m:.0f} m at most; farther away it is another camera",
    ),
}
"""Code of a refusal of the service itself -> Chinese, English."""

GEO_TEXTS: Final[dict[type[Exception], tuple[str, str, str]]] = {
    CRSError: (
        "not_measurable",
        "这些记录没有位置，或相距太远，不能放在一起量算；请先选一个网格，或查找坐标写错的记录",
        (
            "these rows have no place, or lie too far apart to be measured together; choose an "
            "area, or look for rows with wrong coordinates"
        ),
    ),
    GeometryError: (
        "bad_shape",
        "有记录的几何类型不对或边界有误，不能量算；请在 GIS 软件里修复后重新导入",
        "a row has the wrong kind of geometry or a broken border; repair and import it again",
    ),
    ColumnError: (
        "no_column",
        "数据里缺少要用的一列，或有行没有编号；请补上，或换一个算法",
        "a column that is needed is missing, or a row has no code; add it, or ask for less",
    ),
    PatrolError: (
        "bad_patrol",
        (
            "排不出或认不出这份计划；请核对单位的班次和起点（起点写备勤点编号时要给出备勤点）、"
            "必到点或巡段，核查时给出做计划时的图层"
        ),
        (
            "this cannot be planned, or is another plan; look at the shifts and starts of the "
            "units (a start that is a standby place needs the standby places), the points or "
            "segments, and give the layers that a kept plan was made of"
        ),
    ),
    NotTurnedError: (
        "not_turned",
        "这台摄像机看四周，或各镜头有自己的方位角，不能整机转向；请去掉 azimuth_deg",
        (
            "this camera sees all around, or its lenses have headings of their own, so it is not "
            "turned; leave azimuth_deg out"
        ),
    ),
    InvalidParameterError: (
        "out_of_range",
        (
            "有一项数值超出范围，不能计算；请核对观察距离、间距和建议处数，以及摄像机的视场角和"
            "可视距离"
        ),
        (
            "a number is out of range; check the reach, the spacing and the number of posts, and "
            "the field of view and range of cameras"
        ),
    ),
    GeoError: (
        "not_computable",
        "这些数据不能用于计算；请核对几何和坐标",
        "nothing can be computed of these rows; check their geometry and coordinates",
    ),
}
"""Class of an error of `geo` -> code, Chinese, English: its own words are for programmers."""

INVALID_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "share_of_full": (
        "share 要与新增处数一起使用，不能与 full 一起",
        "share goes with a number of posts, not with full",
    ),
    "nothing_changed": (
        "请给出 azimuth_deg、lon 和 lat、online 中的至少一项",
        "give azimuth_deg, lon and lat, or online",
    ),
    "span_unread": (
        "应写日期或 起/止，例如 2024-05-01/2024-05-31",
        "write a date or start/end, such as 2024-05-01/2024-05-31",
    ),
    "date_unread": ("应写日期，例如 2026-05-01", "write a date such as 2026-05-01"),
    "days_unfit": (
        "应不早于 since，且从 since 起最多 {most} 天",
        "must not be before since, and at most {most} days from it on",
    ),
    "days_in_one_way": (
        "日期只用一种写法：since 和 until（先后有序）一起给出，或只给 month",
        "name the days in one way: since and until, in this order, or a month",
    ),
    "time_unread": (
        "应写当地时间，例如 2026-05-01T08:00",
        "write a local time such as 2026-05-01T08:00",
    ),
    "minutes_unread": (
        "应写分钟数，例如 1,3,5，都大于 0、不超过 60",
        "write minutes such as 1,3,5, all above 0 and 60 at most",
    ),
    "half_a_place": ("lon 和 lat 要一起给出", "give lon and lat together"),
    "min_not_below": ("min_m 应小于 max_m", "min_m must be below max_m"),
    "missing": ("必须填写", "must be given"),
    "extra_forbidden": ("不认识这个参数", "is not known"),
    "greater_than": ("应大于 {gt}", "must be above {gt}"),
    "greater_than_equal": ("应不小于 {ge}", "must be {ge} or more"),
    "less_than_equal": ("应不大于 {le}", "must be {le} or less"),
    "float_parsing": ("应为数字", "must be a number"),
    "int_parsing": ("应为整数", "must be a whole number"),
    "string_too_short": ("不能为空", "must not be empty"),
    "string_too_long": ("最多 {max_length} 个字符", "must have {max_length} characters at most"),
    "literal_error": ("应为 {expected}", "must be {expected}"),
}
"""Kind of fault that pydantic finds -> Chinese, English; its places are those of pydantic."""

INVALID: Final = ("不能用", "cannot be used")
"""What is said of any other fault."""
