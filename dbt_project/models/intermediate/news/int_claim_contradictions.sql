{#
    Where an article contradicts itself, by what it says alone. check_kind:
    task_rate  a rate of a task is not result ÷ task, both of them in the same sentence before it (623 of 551 is 113.1 %)
    part       a part (其中) is more than the whole before it in the sentence
    two_figures two sentences give the same figure of one place and period with bounds that do not meet
    A rate may be rounded: half of the last digit written is allowed.
#}
with claims as (
    select *
    from {{ ref('int_case_claims') }}
    where kind in ('actual', 'target', 'rate')
),

measures as (
    -- Of other rates two may be of two things.
    select distinct
        measure,
        kind
    from {{ ref('claim_rule') }}
    where figure is not null
),

rated as (
    select
        rates.claim_id,
        rates.value as rate,
        rates.value_min as rate_min,
        rates.value_max as rate_max,
        results.claim_id as other_claim_id,
        results.value as result,
        results.value_min as result_min,
        results.value_max as result_max,
        tasks.value as task,
        tasks.value_min as task_min,
        tasks.value_max as task_max,
        row_number() over (
            partition by rates.claim_id
            order by results.claim_no desc, tasks.claim_no desc
        ) as place
    from claims as rates
    inner join claims as results
        on
            rates.article_id = results.article_id
            and rates.sentence_start = results.sentence_start
            and rates.claim_no > results.claim_no
    inner join claims as tasks
        on
            results.article_id = tasks.article_id
            and results.sentence_start = tasks.sentence_start
            and results.measure = tasks.measure
            and rates.claim_no > tasks.claim_no
    where
        rates.kind = 'rate' and rates.unit = '%'
        and (
            rates.measure = 'completion_rate'
            or (rates.measure = 'placement_rate' and results.measure = 'persons_placed')
            or (rates.measure = 'training_rate' and results.measure = 'persons_trained')
        )
        and results.kind = 'actual' and tasks.kind = 'target'
        and results.scope <> 'part' and tasks.scope <> 'part'
        and tasks.value > 0
),

parts as (
    select
        parts.claim_id,
        parts.value_min,
        wholes.claim_id as other_claim_id,
        wholes.value as whole,
        wholes.value_max as whole_max,
        row_number() over (partition by parts.claim_id order by wholes.claim_no desc) as place
    from claims as parts
    inner join claims as wholes
        on
            parts.article_id = wholes.article_id
            and parts.sentence_start = wholes.sentence_start
            and parts.measure = wholes.measure
            and parts.unit = wholes.unit
            and parts.kind = wholes.kind
            and parts.claim_no > wholes.claim_no
    where parts.scope = 'part' and wholes.scope <> 'part'
),

repeated as (
    select
        later.claim_id,
        earlier.claim_id as other_claim_id,
        earlier.value,
        row_number() over (partition by later.claim_id order by earlier.claim_no) as place
    from claims as later
    inner join claims as earlier
        on
            later.article_id = earlier.article_id
            and later.measure = earlier.measure
            and later.kind = earlier.kind
            and later.unit = earlier.unit
            and later.place_code = earlier.place_code
            and later.place_level = earlier.place_level
            and later.period_start = earlier.period_start
            and later.period_end = earlier.period_end
            and later.sentence_start > earlier.sentence_start
            and coalesce(later.subject, '') = coalesce(earlier.subject, '')
    inner join measures on later.measure = measures.measure and later.kind = measures.kind
    where
        later.scope = 'place' and earlier.scope = 'place'
        and (later.value_min > earlier.value_max or later.value_max < earlier.value_min)
)

select
    claim_id,
    'task_rate' as check_kind,
    other_claim_id,
    cast(100.0 * result / task as numeric(24, 6)) as expected_value
from rated
where
    place = 1
    and (
        rate_min - case when rate = floor(rate) then 0.5 else 0.05 end > 100.0 * result_max / task_min
        or rate_max + case when rate = floor(rate) then 0.5 else 0.05 end < 100.0 * result_min / task_max
    )
union all
select
    claim_id,
    'part' as check_kind,
    other_claim_id,
    whole as expected_value
from parts
where place = 1 and value_min > whole_max
union all
select
    claim_id,
    'two_figures' as check_kind,
    other_claim_id,
    value as expected_value
from repeated
where place = 1
