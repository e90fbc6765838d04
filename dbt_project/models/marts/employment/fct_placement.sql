{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        changed_in=['int_placements', 'int_employment_spells'],
        indexes=[{'columns': ['person_key']}, {'columns': ['started_on']}]
    )
}}

select
    placements.placement_key,
    placements.person_key,
    placements.district_code,
    placements.township_code,
    placements.employer_key,
    placements.channel,
    placements.employment_type,
    placements.is_public_post,
    placements.started_on,
    placements.ended_on,
    placements.end_reason,
    cast(placements.monthly_wage as numeric(12, 2)) as monthly_wage,
    placements.contract_months,
    case
        when
            {{ days_between('placements.ended_on', 'placements.listed_until') }} >= parameters.final_after_days
            then 'final'
        else 'provisional'
    end as data_maturity,
    placements.region,
    placements.occupation,
    placements.special_programme,
    placements.started_month_no,
    spells.effective_end_on,
    spells.evidence,
    spells.evidence_on,
    placements.listings
from {{ ref('int_placements') }} as placements
inner join {{ ref('int_employment_spells') }} as spells
    on placements.person_key = spells.person_key and placements.placement_key = spells.placement_key
cross join {{ ref('int_rule_parameters') }} as parameters
where
    {{ in_scope('placements.person_key') }}
    and {{ in_scope('spells.person_key') }}
