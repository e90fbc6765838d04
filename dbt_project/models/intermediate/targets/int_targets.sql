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
                organisation_code
        ) as place
    from {{ ref('stg_target') }}
),

{% set measures = [
    ('placements', 'placements_target'),
    ('ventures', 'ventures_target'),
    ('skill_training', 'skill_training_target'),
    ('startup_training', 'startup_training_target'),
] -%}
long as (
    {%- for measure, column in measures %}
    select
        area_code as township_code,
        cast(year as integer) as year,
        '{{ measure }}' as measure,
        cast({{ column }} as integer) as target
    from ordered
    where place = 1
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    township_code,
    year,
    measure,
    target
from long
where target is not null
