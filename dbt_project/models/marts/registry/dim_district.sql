select
    district_code,
    district_name,
    prefecture_code,
    prefecture_name,
    province_code,
    province_name,
    opened_on,
    closed_on,
    townships
from {{ ref('int_districts') }}
