{{ config(materialized='table') }}

{#
    What each actual, target or rate asks the ledgers, and why it cannot be asked. A reason says that the figure and the
    ledgers count different things (verdict not_comparable) or that no ledger can answer (no_ledger_data); the first
    that holds is given. A task is of a year: its period is the year it lies in.
#}
with rules as (
    select
        measure,
        kind,
        unit,
        figure,
        counts,
        timing,
        feed,
        coverage,
        cast(smallest_level as integer) as smallest_level,
        reason
    from {{ ref('claim_rule') }}
),

known_measures as (
    select distinct
        measure,
        kind
    from rules
),

places as (
    select
        place_code,
        max(opened_on) as opened_on
    from {{ ref('int_claim_places') }}
    group by place_code
),

-- A province or prefecture that we serve in part.
wider_places as (
    select distinct substr(district_code, 1, 2) as place_code from {{ ref('int_districts') }}
    union
    select distinct substr(district_code, 1, 4) as place_code from {{ ref('int_districts') }}
),

asked as (
    select
        claims.*,
        rules.figure,
        rules.counts,
        rules.timing,
        rules.feed,
        rules.coverage,
        rules.smallest_level,
        rules.reason as rule_reason,
        known_measures.measure is not null as is_known_measure,
        rules.measure is not null as has_rule,
        places.opened_on,
        wider_places.place_code is not null as is_wider_place,
        case
            when rules.timing = 'year' then make_date(cast(extract(year from claims.period_end) as integer), 1, 1)
            else claims.period_start
        end as asked_from,
        case
            when rules.timing = 'year' then make_date(cast(extract(year from claims.period_end) as integer), 12, 31)
            else claims.period_end
        end as asked_until
    from {{ ref('int_case_claims') }} as claims
    left join rules on claims.measure = rules.measure and claims.kind = rules.kind and claims.unit = rules.unit
    left join known_measures on claims.measure = known_measures.measure and claims.kind = known_measures.kind
    left join places on claims.place_code = places.place_code
    left join wider_places on claims.place_code = wider_places.place_code
    where claims.kind in ('actual', 'target', 'rate')
)

select
    claim_id,
    article_id,
    measure,
    kind,
    unit,
    place_code,
    value,
    value_min,
    value_max,
    figure,
    counts,
    timing,
    feed,
    coverage,
    asked_from,
    asked_until,
    case
        when not has_rule and is_known_measure then 'other_unit'
        when not has_rule then 'no_ledger'
        when rule_reason is not null then rule_reason
        when value_min is null and value_max is null then 'no_figure'
        when place_code is null and place_level = 0 then 'wider_place'
        when place_code is null then 'unclear_place'
        when opened_on is null and is_wider_place then 'wider_place'
        when opened_on is null then 'place_not_covered'
        when scope in ('village', 'employer') then 'part_of_place'
        when scope in ('group', 'part') then 'part_of_group'
        when length(place_code) > smallest_level then 'smaller_place'
        when asked_until is null then 'unclear_period'
        when timing in ('flow', 'rate') and asked_from is null then 'unclear_period'
        when
            timing = 'year' and period_start is not null
            and extract(year from period_start) <> extract(year from period_end) then 'unclear_period'
        when timing in ('flow', 'rate', 'year') and asked_until < opened_on then 'before_ledgers'
        when timing = 'stock' and asked_until < opened_on then 'before_ledgers'
        when timing in ('flow', 'rate') and asked_from < opened_on then 'cumulative'
    end as reason
from asked
