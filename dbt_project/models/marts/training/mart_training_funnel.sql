{#
    A row for each district, month in which courses began (or for which the ledger is owed) and type of training.
    Those certified less than the placement window ago are in neither side of placement_rate.
#}
with judged as (
    select
        training.*,
        training.ended_on <= {{ as_of() }} as is_completed,
        training.certified_on <= {{ as_of() }} as is_certified,
        {{ add_days('training.certified_on', 'parameters.placement_window_days') }} <= {{ as_of() }} as is_placement_due,
        placed.placed_on <= {{ as_of() }} as is_placed
    from {{ ref('int_training') }} as training
    cross join {{ ref('int_rule_parameters') }} as parameters
    left join {{ ref('int_training_placements') }} as placed on training.training_key = placed.training_key
    where training.started_on <= {{ as_of() }}
),

trained as (
    select
        district_code,
        started_month_no as month_no,
        training_type,
        count(*) as enrolled,
        count(distinct person_key) as persons_trained,
        sum(case when is_completed then 1 else 0 end) as completed,
        sum(case when is_certified then 1 else 0 end) as certified,
        sum(case when is_placement_due then 1 else 0 end) as certified_due,
        sum(case when is_placement_due and is_placed then 1 else 0 end) as placed
    from judged
    group by district_code, started_month_no, training_type
),

owed as (
    select
        months.district_code,
        months.month_no,
        months.is_begun,
        months.townships,
        months.townships_reported,
        months.reason_if_absent,
        codes.code as training_type
    from {{ ref('int_district_reporting_months') }} as months
    inner join {{ ref('int_codes') }} as codes on codes.feed = 'training' and codes.column_name = 'training_type'
    where months.feed = 'training'
),

cells as (
    select
        coalesce(trained.district_code, owed.district_code) as district_code,
        coalesce(trained.month_no, owed.month_no) as month_no,
        coalesce(trained.training_type, owed.training_type) as training_type,
        trained.district_code is not null or owed.is_begun as is_known,
        trained.enrolled,
        trained.persons_trained,
        trained.completed,
        trained.certified,
        trained.certified_due,
        trained.placed,
        owed.townships,
        owed.townships_reported,
        owed.reason_if_absent
    from trained
    full outer join owed
        on
            trained.district_code = owed.district_code
            and trained.month_no = owed.month_no
            and trained.training_type = owed.training_type
)

select
    district_code,
    {{ month_of_no('month_no') }} as month,
    training_type,
    cast(case when is_known then coalesce(enrolled, 0) end as integer) as enrolled,
    cast(case when is_known then coalesce(persons_trained, 0) end as integer) as persons_trained,
    cast(case when is_known then coalesce(completed, 0) end as integer) as completed,
    cast(case when is_known then coalesce(certified, 0) end as integer) as certified,
    cast(case when is_known then coalesce(certified_due, 0) end as integer) as certified_due,
    cast(case when is_known then coalesce(placed, 0) end as integer) as placed,
    {{ share('certified', 'enrolled') }} as certification_rate,
    {{ share('placed', 'certified_due') }} as placement_rate,
    case
        when not is_known then reason_if_absent
        when enrolled is null then 'no_training'
        when certified_due = 0 then 'not_due'
    end as reason,
    townships,
    townships_reported,
    month_no
from cells
