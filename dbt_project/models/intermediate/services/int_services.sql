-- What was done for a person on a day, by kind: the service that village coverage counts. A call counts though nobody answered.
select
    person_key,
    started_on as served_on,
    'placement' as kind
from {{ ref('int_placements') }}
union all
select
    person_key,
    started_on as served_on,
    'training' as kind
from {{ ref('int_training') }}
union all
select
    person_key,
    followed_up_on as served_on,
    'follow_up' as kind
from {{ ref('int_follow_ups') }}
union all
select
    person_key,
    referred_on as served_on,
    'referral' as kind
from {{ ref('int_referrals') }}
union all
select
    person_key,
    paid_on as served_on,
    'subsidy' as kind
from {{ ref('int_subsidies') }}
where paid_on is not null
union all
select
    members.person_key,
    plans.planned_on as served_on,
    'assistance_plan' as kind
from {{ ref('int_assistance_plans') }} as plans
inner join {{ ref('int_household_members') }} as members on plans.household_key = members.household_key
