{#
    The three 100 % of each village, each with a denominator of its own: those who want training and got some; those able and
    willing to work away who were placed; all who are registered and were served in any way.
#}
with facts as (
    select
        members.person_key,
        max(case when services.kind = 'training' then 1 else 0 end) as is_trained,
        max(case when services.kind = 'placement' then 1 else 0 end) as is_placed,
        max(case when services.served_on is not null then 1 else 0 end) as is_served,
        max(services.served_on) as last_served_on
    from {{ ref('int_household_members') }} as members
    left join {{ ref('int_services') }} as services
        on members.person_key = services.person_key and services.served_on <= {{ as_of() }}
    group by members.person_key
),

-- Where no row of a township states an intent, its clerk has left the column out: nothing is known of those who want training.
asked as (
    select
        township_code,
        max(case when training_intent is not null then 1 else 0 end) as is_intent_told
    from {{ ref('int_household_members') }}
    group by township_code
),

people as (
    select
        members.district_code,
        members.township_code,
        coalesce(members.village, '') as village,
        case
            when asked.is_intent_told = 0 then null
            when members.training_intent is not null then 1
            else 0
        end as wants_training,
        case
            when
                members.employment_intent = 'transfer' and coalesce(members.labour_ability not in ('none', 'lost'), true)
                then 1
            else 0
        end as can_move,
        facts.is_trained,
        facts.is_placed,
        facts.is_served,
        facts.last_served_on
    from {{ ref('int_household_members') }} as members
    inner join facts on members.person_key = facts.person_key
    inner join asked on members.township_code = asked.township_code
)

select
    people.district_code,
    people.township_code,
    people.village,
    count(*) as persons,
    sum(people.wants_training) as willing_to_train,
    sum(people.wants_training * people.is_trained) as trained,
    sum(people.can_move) as able_and_willing,
    sum(people.can_move * people.is_placed) as placed,
    sum(people.is_served) as served,
    sum(
        case
            when {{ add_days('people.last_served_on', 'parameters.recent_service_days') }} >= {{ as_of() }} then 1 else 0
        end
    ) as served_recently
from people
cross join {{ ref('int_rule_parameters') }} as parameters
group by people.district_code, people.township_code, people.village
