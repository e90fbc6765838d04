{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        changed_in=['int_employment_spells'],
        keeps_replaced=true,
        indexes=[{'columns': ['person_key']}]
    )
}}

-- Each placement with the merged spell it belongs to, and how many days of it are observed.
select
    placement_key,
    person_key,
    district_code,
    township_code,
    started_on,
    started_month_no,
    is_open,
    merged_end_on,
    merged_end_evidence,
    last_evidence_on,
    last_evidence,
    greatest(
        0,
        coalesce({{ days_between('started_on', 'coalesce(merged_end_on, last_evidence_on)') }}, 0)
    ) as observed_days
from {{ ref('int_merged_spells') }}
where {{ in_scope('person_key') }}
