{# A row for each township, year and measure that has a target or an actual. #}
with keys as (
    select
        township_code,
        year,
        measure
    from {{ ref('int_targets') }}
    union
    select
        township_code,
        year,
        measure
    from {{ ref('int_target_actuals') }}
),

progress as (
    select
        keys.township_code,
        keys.year,
        keys.measure,
        coalesce(townships.district_code, substr(keys.township_code, 1, 6)) as district_code,
        targets.target,
        actuals.actual as counted,
        coverage.covered_until,
        coalesce(coverage.covered_until >= make_date(keys.year, 1, 1), false) as is_begun
    from keys
    left join {{ ref('int_townships') }} as townships on keys.township_code = townships.township_code
    left join {{ ref('int_targets') }} as targets
        on keys.township_code = targets.township_code and keys.year = targets.year and keys.measure = targets.measure
    left join {{ ref('int_target_actuals') }} as actuals
        on keys.township_code = actuals.township_code and keys.year = actuals.year and keys.measure = actuals.measure
    left join {{ ref('int_ledger_coverage') }} as coverage
        on
            keys.township_code = coverage.organisation_code
            and coverage.feed = case
                when keys.measure = 'placements' then 'placement'
                when keys.measure in ('skill_training', 'startup_training') then 'training'
            end
),

judged as (
    select
        progress.*,
        case when measure <> 'ventures' and (counted is not null or is_begun) then coalesce(counted, 0) end as actual
    from progress
)

select
    district_code,
    township_code,
    year,
    measure,
    target,
    cast(actual as integer) as actual,
    {{ share('actual', 'target') }} as completion_rate,
    covered_until as actual_until,
    case
        when measure = 'ventures' then 'no_ledger'
        when actual is null then 'nothing_sent'
        when target is null then 'no_target'
        when target = 0 then 'target_is_zero'
    end as reason
from judged
