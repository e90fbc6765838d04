{#
    Each spell with the merged spell it belongs to. That is open if the spell that reaches farthest is open (at equal reach an
    open one counts), and closed on the day that one ended otherwise.
    Windows over one order, no join of the spells with themselves: a planner that misjudges such a join takes hours over it.
#}
with reached as (
    select
        islands.*,
        max(islands.reaches_on) over merged as merged_until,
        max(islands.evidence_on) over merged as last_evidence_on
    from {{ ref('int_spell_islands') }} as islands
    window merged as (partition by islands.person_key, islands.island_no)
),

ended as (
    select
        reached.*,
        max(case when is_open and reaches_on = merged_until then 1 else 0 end) over merged as open_at_end,
        min(case when reaches_on = merged_until then evidence end) over merged as evidence_at_end,
        min(case when evidence_on = last_evidence_on then evidence end) over merged as evidence_at_last,
        min(case when evidence_on = last_evidence_on and is_open then evidence end) over merged as evidence_at_last_of_open
    from reached
    window merged as (partition by person_key, island_no)
)

select
    placement_key,
    person_key,
    district_code,
    township_code,
    started_on,
    started_month_no,
    island_no,
    open_at_end = 1 as is_open,
    case when open_at_end = 0 then merged_until end as merged_end_on,
    case when open_at_end = 0 then evidence_at_end end as merged_end_evidence,
    last_evidence_on,
    coalesce(evidence_at_last_of_open, evidence_at_last) as last_evidence
from ended
