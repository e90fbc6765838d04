"""What a name of a person is not followed by."""

from __future__ import annotations

import re

PLACE_KIND = re.compile(
    "[一-鿿]?(?:[市县区镇乡村州省寨屯]|街道|社区|公司|集团|医院|学校|大学|中学|学院|工厂|基地|车间|合作社|专列|高速|山区|银行|市场|超市|小区|园区)"
)
