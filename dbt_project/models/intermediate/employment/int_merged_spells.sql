{#
    One row for each merged spell of a person. It is open if the spell that reaches farthest is open (at equal reach an
    open one counts), and closed on the day that one ended otherwise.
#}
with ordered as (
    select
        islands.*,
        row_number() over (
            partition by person_key, island_no
            order by reaches_on desc, is_open desc, evidence asc nulls last, placement_key asc
        ) as reach_place,
        row_number() over (
            partition by person_key, island_no
            order by evidence_on desc nulls last, is_open desc, evidence asc nulls last, placement_key asc
        ) as evidence_place
    from {{ ref('int_spell_islands') }} as islands
)

select
    person_key,
    island_no,
    min(started_on) as merged_started_on,
    max(case when reach_place = 1 and is_open then 1 else 0 end) = 1 as is_open,
    max(case when reach_place = 1 and not is_open then reaches_on end) as merged_end_on,
    max(case when reach_place = 1 and not is_open then evidence end) as merged_end_evidence,
    max(case when evidence_place = 1 then evidence_on end) as last_evidence_on,
    max(case when evidence_place = 1 then evidence end) as last_evidence
from ordered
group by person_key, island_no
