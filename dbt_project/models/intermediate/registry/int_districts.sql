-- Districts of the registry, and those it knows only by their townships: a fact must never point into the void.
with named as (
    select
        organisation_code as district_code,
        name as district_name,
        parent_code,
        opened_on,
        closed_on
    from {{ ref('stg_organisation') }}
    where kind = 'district'
),

townships as (
    select
        district_code,
        min(opened_on) as opened_on,
        count(*) as townships
    from {{ ref('int_townships') }}
    group by district_code
),

codes as (
    select district_code from named
    union
    select district_code from townships
),

parents as (
    select
        organisation_code,
        name,
        kind,
        parent_code
    from {{ ref('stg_organisation') }}
)

select
    codes.district_code,
    coalesce(named.district_name, codes.district_code) as district_name,
    case when parents.kind = 'prefecture' then parents.organisation_code end as prefecture_code,
    case when parents.kind = 'prefecture' then parents.name end as prefecture_name,
    substr(codes.district_code, 1, 2) as province_code,
    provinces.name as province_name,
    coalesce(named.opened_on, townships.opened_on) as opened_on,
    named.closed_on,
    cast(coalesce(townships.townships, 0) as integer) as townships
from codes
left join named on codes.district_code = named.district_code
left join townships on codes.district_code = townships.district_code
left join parents on named.parent_code = parents.organisation_code
left join parents as provinces on substr(codes.district_code, 1, 2) = provinces.organisation_code
