{# Gaps and islands: spells of a person follow each other without a gap over the tolerated one. #}
with reaches as (
    select
        spells.*,
        max(spells.reaches_on) over (
            partition by spells.person_key
            order by spells.started_on, spells.placement_key
            rows between unbounded preceding and 1 preceding
        ) as reached_before
    from {{ ref('int_employment_spells') }} as spells
),

beginnings as (
    select
        reaches.*,
        case
            when {{ days_between('reaches.reached_before', 'reaches.started_on') }} <= parameters.gap_days then 0
            else 1
        end as is_beginning
    from reaches
    cross join {{ ref('int_rule_parameters') }} as parameters
)

select
    placement_key,
    person_key,
    district_code,
    township_code,
    started_on,
    started_month_no,
    is_open,
    evidence_on,
    evidence,
    reaches_on,
    cast(sum(is_beginning) over (
        partition by person_key
        order by started_on, placement_key
        rows between unbounded preceding and current row
    ) as integer) as island_no
from beginnings
