-- Dated parameters of the gate (caps, standards, terms); a place is a prefix of a division code, empty means everywhere.
select
    parameter,
    coalesce(code, '') as code,
    coalesce(area_code, '') as area_code,
    valid_from,
    valid_to,
    value
from {{ ref('dated_parameter') }}
