{{ config(materialized='table') }}

-- Each placement with the merged spell it belongs to, and how many days of it are observed.
select
    placements.placement_key,
    placements.person_key,
    placements.district_code,
    placements.township_code,
    placements.started_on,
    placements.started_month_no,
    merged.is_open,
    merged.merged_end_on,
    merged.merged_end_evidence,
    merged.last_evidence_on,
    merged.last_evidence,
    greatest(
        0,
        coalesce(
            {{ days_between('placements.started_on', 'coalesce(merged.merged_end_on, merged.last_evidence_on)') }}, 0
        )
    ) as observed_days
from {{ ref('int_placements') }} as placements
inner join {{ ref('int_spell_islands') }} as islands
    on placements.person_key = islands.person_key and placements.placement_key = islands.placement_key
inner join {{ ref('int_merged_spells') }} as merged
    on islands.person_key = merged.person_key and islands.island_no = merged.island_no
