{{ config(materialized='table') }}

{#
    The ledgers' figure for each claim that can be asked and whose ledgers have all come; zero is a figure. Of a rate
    the two ends that the unknown cases leave. Rates are in per cent.
#}
with questions as (
    select questions.*
    from {{ ref('int_claim_questions') }} as questions
    inner join {{ ref('int_claim_coverage') }} as coverage
        on questions.claim_id = coverage.claim_id and coverage.is_complete
    where questions.reason is null
),

districts as (
    select distinct
        questions.claim_id,
        places.district_code
    from questions
    inner join {{ ref('int_claim_places') }} as places on questions.place_code = places.place_code
),

counted as (
    select
        questions.claim_id,
        count(distinct facts.item_key) as items,
        count(facts.item_key) as rows_found,
        sum(facts.amount) as amount
    from questions
    inner join districts on questions.claim_id = districts.claim_id
    left join {{ ref('int_ledger_facts') }} as facts
        on
            questions.figure = facts.figure
            and districts.district_code = facts.district_code
            and (length(questions.place_code) < 9 or questions.place_code = facts.township_code)
            and (
                (questions.timing <> 'stock' and facts.first_on between questions.asked_from and questions.asked_until)
                or (
                    questions.timing = 'stock' and questions.asked_until >= facts.first_on
                    and coalesce(questions.asked_until <= facts.last_on, true)
                )
            )
    where questions.timing <> 'rate'
    group by questions.claim_id
),

held as (
    select
        questions.claim_id,
        sum(case when outcomes.outcome = 'retained' then 1 else 0 end) as retained,
        sum(case when outcomes.outcome = 'lost' then 1 else 0 end) as lost,
        sum(case when outcomes.outcome = 'unknown' then 1 else 0 end) as unknown
    from questions
    inner join districts on questions.claim_id = districts.claim_id
    inner join {{ ref('int_retention_outcomes') }} as outcomes
        on
            districts.district_code = outcomes.district_code
            and (length(questions.place_code) < 9 or questions.place_code = outcomes.township_code)
            and outcomes.due_on between questions.asked_from and questions.asked_until
    cross join {{ ref('int_rule_parameters') }} as parameters
    where questions.timing = 'rate' and outcomes.horizon_days = parameters.stable_days and outcomes.outcome <> 'not_due'
    group by questions.claim_id
),

figures as (
    select
        questions.claim_id,
        cast(
            case questions.counts
                when 'distinct' then counted.items
                when 'rows' then counted.rows_found
                when 'amount' then coalesce(counted.amount, 0)
            end as numeric(24, 6)
        ) as ledger_value
    from questions
    inner join counted on questions.claim_id = counted.claim_id
)

select
    claim_id,
    ledger_value,
    ledger_value as ledger_min,
    ledger_value as ledger_max
from figures
union all
select
    claim_id,
    cast(100.0 * retained / nullif(retained + lost, 0) as numeric(24, 6)) as ledger_value,
    cast(100.0 * retained / (retained + lost + unknown) as numeric(24, 6)) as ledger_min,
    cast(100.0 * (retained + unknown) / (retained + lost + unknown) as numeric(24, 6)) as ledger_max
from held
