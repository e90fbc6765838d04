{#
    One row for each township, year and measure. Where two files speak of one township, its own district's counts, then the
    later period.
#}
with ordered as (
    select
        *,
        row_number() over (
            partition by area_code, year
            order by
                case when organisation_code = substr(area_code, 1, 6) then 0 else 1 end,
                reported_period desc,
                organisation_code asc
        ) as place
    from {{ ref('stg_target') }}
),

long as (
    select
        area_code as township_code,
        cast(year as integer) as year,
        'placements' as measure,
        cast(placements_target as integer) as target
    from ordered
    where place = 1
    union all
    select
        area_code as township_code,
        cast(year as integer) as year,
        'ventures' as measure,
        cast(ventures_target as integer) as target
    from ordered
    where place = 1
    union all
    select
        area_code as township_code,
        cast(year as integer) as year,
        'skill_training' as measure,
        cast(skill_training_target as integer) as target
    from ordered
    where place = 1
    union all
    select
        area_code as township_code,
        cast(year as integer) as year,
        'startup_training' as measure,
        cast(startup_training_target as integer) as target
    from ordered
    where place = 1
)

select
    township_code,
    year,
    measure,
    target
from long
where target is not null
