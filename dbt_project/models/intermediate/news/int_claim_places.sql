-- Which townships lie in a place that an article may name, for every place of the registry.
with townships as (
    select
        townships.township_code,
        townships.district_code,
        districts.prefecture_code,
        districts.province_code,
        greatest(townships.opened_on, districts.opened_on) as opened_on
    from {{ ref('int_townships') }} as townships
    inner join {{ ref('int_districts') }} as districts on townships.district_code = districts.district_code
)

select
    township_code as place_code,
    district_code,
    township_code,
    opened_on
from townships
union all
select
    district_code as place_code,
    district_code,
    township_code,
    opened_on
from townships
union all
select
    prefecture_code as place_code,
    district_code,
    township_code,
    opened_on
from townships
where prefecture_code is not null
union all
select
    province_code as place_code,
    district_code,
    township_code,
    opened_on
from townships
