"""What words and codes in camera sheets stand for: compass points, kinds, yes and no."""

import re
from typing import Final

from data.columns import plain

POINTS_OF_COMPASS: Final = {
    name: 22.5 * i
    for i, names in enumerate((
        "n 北 正北", "nne 北北东 北东北 东北偏北", "ne 东北 北东", "ene 东东北 东北东 东北偏东",
        "e 东 正东", "ese 东东南 东南东 东南偏东", "se 东南 南东", "sse 南南东 南东南 东南偏南",
        "s 南 正南", "ssw 南南西 南西南 西南偏南", "sw 西南 南西", "wsw 西西南 西南西 西南偏西",
        "w 西 正西", "wnw 西西北 西北西 西北偏西", "nw 西北 北西", "nnw 北北西 北西北 西北偏北",
    ))
    for name in names.split()
}  # fmt: skip
"""Name of a compass point -> degrees clockwise from north."""

AROUND_COMPASS: Final = re.compile(r"^(?:朝向|面向|朝|向|由)?(.+?)(?:方向|方位|方|向|面)?$")
"""What Chinese sheets write around a compass point: `朝东北方向`."""

DIRECTION_TYPE_HEADS: Final = frozenset(map(plain, ("DirectionType", "监视方位", "摄像机监视方位")))
"""Heads whose numbers are the codes below, not degrees (GB/T 28181)."""

DIRECTION_TYPES: Final = {1: 90, 2: 270, 3: 180, 4: 0, 5: 135, 6: 45, 7: 225, 8: 315}
"""Code of DirectionType -> where the axis points, in degrees clockwise from north."""

PTZ_TYPE_HEADS: Final = frozenset(map(plain, ("PTZType",)))
"""Heads whose code 5 is a remote-controlled half dome (GB/T 28181); elsewhere it is a gantry."""

PTZ_TYPES: Final = {
    "1": "ptz_dome", "2": "fixed_dome", "3": "fixed_bullet", "4": "ptz_bullet", "5": "ptz_dome",
    "6": "panoramic", "7": "multi_lens",
}  # fmt: skip
"""Kinds of camera by PTZType of GB/T 28181-2022."""

CAMERA_KINDS: Final = {
    name: kind
    for kind, names in {
        "fixed_bullet": "fixed_bullet fixed bullet 固定枪机 枪机 筒机 枪型摄像机 3",
        "fixed_dome": "fixed_dome dome 半球 固定半球 半球摄像机 2",
        "ptz_dome": "ptz_dome panning ptz 球机 快球 高速球 球型摄像机 遥控半球 1",
        "ptz_bullet": "ptz_bullet 遥控枪机 云台枪机 4",
        "panoramic": "panoramic panorama 全景 全景摄像机 环视 鱼眼",
        "multi_lens": "multi_lens 多目 多目摄像机",
        "high_point_overview": "high_point_overview 高空瞭望 高点 高点监控",
        "security_checkpoint": "security_checkpoint 卡口 卡口枪机 治安卡口 5",
    }.items()
    for name in map(plain, names.split())
}
"""Kinds of camera by what OpenStreetMap, our own files and 一机一档 sheets call them."""

TRUTHS: Final = {
    word: truth
    for truth, words in {
        True: "on online true t yes y 1 在线 是 开",
        False: "off offline false f no n 0 离线 不在线 否 关",
    }.items()
    for word in words.split()
}
"""Words for online and offline. 正常 and 故障 are not among them: in good order is not online."""
