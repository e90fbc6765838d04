{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        keeps_replaced=true,
        indexes=[{'columns': ['person_key']}]
    )
}}

{#
    One row for each spell: a person and the day it began. Where several townships list the same spell (the person's home
    and the place of work both may), the listing of the ledger that speaks for the latest day is taken, then the lower code.
#}
with listed as (
    select
        placement.*,
        coverage.listed_until,
        count(*) over (partition by placement.person_key, placement.started_on) as listings,
        row_number() over (
            partition by placement.person_key, placement.started_on
            order by coverage.listed_until desc nulls last, placement.organisation_code asc
        ) as place
    from {{ ref('stg_placement') }} as placement
    left join {{ ref('int_ledger_coverage') }} as coverage
        on placement.organisation_code = coverage.organisation_code and coverage.feed = 'placement'
    where {{ in_scope_unindexed('placement.person_key') }}
)

select
    {{ key_of(['listed.person_key', 'listed.started_on']) }} as placement_key,
    listed.person_key,
    coalesce(townships.district_code, substr(listed.organisation_code, 1, 6)) as district_code,
    listed.organisation_code as township_code,
    case
        when listed.employer_name is not null then {{ key_of(['listed.employer_name']) }}
    end as employer_key,
    listed.employer_name,
    listed.employer_kind,
    listed.channel,
    listed.region,
    listed.employment_type,
    listed.occupation,
    listed.special_programme,
    coalesce(
        listed.special_programme in ('public_welfare_post', 'urban_public_post', 'special_public_post'), false
    ) as is_public_post,
    listed.started_on,
    {{ month_no('listed.started_on') }} as started_month_no,
    listed.ended_on,
    listed.end_reason,
    listed.monthly_wage,
    cast(listed.contract_months as integer) as contract_months,
    listed.listed_until,
    cast(listed.listings as integer) as listings,
    listed.started_on <= {{ as_of() }} as has_begun
from listed
left join {{ ref('int_townships') }} as townships on listed.organisation_code = townships.township_code
where listed.place = 1
