{#
    Households whose members a register calls a zero-employment household: recognised on the earliest day that one of them
    was. Cleared on the first day on or after it on which a member was at work; reopened on the day after the last day of
    that unbroken time (gap_days tolerated), once a longer time without work has passed.
#}
with recognised as (
    select
        members.household_key,
        min(members.district_code) as district_code,
        min(members.township_code) as township_code,
        min(hardship.valid_from) as recognised_on,
        count(distinct members.person_key) as members_listed
    from {{ ref('int_household_members') }} as members
    inner join {{ ref('int_person_hardship') }} as hardship
        on members.person_key = hardship.person_key and hardship.category = 'zero_employment_household'
    where members.household_key is not null
    group by members.household_key
),

spells as (
    select
        recognised.household_key,
        recognised.recognised_on,
        spells.placement_key,
        greatest(spells.started_on, recognised.recognised_on) as work_from,
        spells.reaches_on as work_until,
        spells.is_open
    from recognised
    inner join {{ ref('int_household_members') }} as members on recognised.household_key = members.household_key
    inner join {{ ref('int_employment_spells') }} as spells on members.person_key = spells.person_key
    where
        (spells.is_open or spells.effective_end_on >= recognised.recognised_on)
        and spells.started_on <= {{ as_of() }}
),

reaches as (
    select
        spells.*,
        max(case when is_open then {{ as_of() }} else work_until end) over (
            partition by household_key
            order by work_from, placement_key
            rows between unbounded preceding and 1 preceding
        ) as reached_before
    from spells
),

islands as (
    select
        reaches.household_key,
        reaches.work_from,
        reaches.work_until,
        reaches.is_open,
        sum(
            case
                when {{ days_between('reaches.reached_before', 'reaches.work_from') }} <= parameters.gap_days then 0 else 1
            end
        ) over (
            partition by reaches.household_key
            order by reaches.work_from, reaches.placement_key
            rows between unbounded preceding and current row
        ) as island_no
    from reaches
    cross join {{ ref('int_rule_parameters') }} as parameters
),

first_island as (
    select
        household_key,
        min(work_from) as cleared_on,
        max(case when is_open then 1 else 0 end) = 1 as is_open,
        max(work_until) as worked_until
    from islands
    where island_no = 1
    group by household_key
)

select
    recognised.household_key,
    recognised.district_code,
    recognised.township_code,
    recognised.recognised_on,
    cast(recognised.members_listed as integer) as members_listed,
    {{ add_days('recognised.recognised_on', 'parameters.zero_employment_days') }} as clear_by,
    first_island.cleared_on,
    {{ days_between('recognised.recognised_on', 'first_island.cleared_on') }} as days_to_clear,
    case
        when
            not first_island.is_open
            and {{ add_days('first_island.worked_until', 'parameters.gap_days') }} < {{ as_of() }}
            then {{ add_days('first_island.worked_until', '1') }}
    end as reopened_on
from recognised
cross join {{ ref('int_rule_parameters') }} as parameters
left join first_island on recognised.household_key = first_island.household_key
