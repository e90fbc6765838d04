{#
    Seekers of the district for each open vacancy: age and education asked for must be met, and nobody is listed who was sent
    to it before. A point each for place (work in the county), strength (heavy work is not for the weak), skill (certificate
    or experience) and wage (at least the last one, or none known).
#}
with pairs as (
    select
        vacancies.vacancy_no,
        vacancies.district_code,
        seekers.township_code,
        seekers.person_key,
        case when vacancies.region in ('in_township', 'in_county') then 1 else 0 end as fits_place,
        case
            when coalesce(strength.strength, 'medium') = 'light' then 1
            when coalesce(strength.strength, 'medium') = 'medium' and coalesce(seekers.labour_ability, '') <> 'weak' then 1
            when coalesce(seekers.labour_ability, '') in ('ordinary', 'skilled') then 1
            else 0
        end as fits_strength,
        case when skills.person_key is not null then 1 else 0 end as fits_skill,
        case when coalesce(coalesce(vacancies.wage_max, vacancies.wage_min) >= seekers.last_wage, true) then 1 else 0 end
            as fits_wage
    from {{ ref('int_vacancies') }} as vacancies
    inner join {{ ref('int_job_seekers') }} as seekers
        on
            vacancies.district_code = seekers.district_code
            and coalesce(vacancies.age_min <= seekers.age, true)
            and coalesce(vacancies.age_max >= seekers.age, true)
            and case vacancies.education
                when 'bachelor_or_above' then 5
                when 'junior_college' then 4
                when 'senior_secondary' then 3
                when 'junior_secondary' then 2
                when 'primary' then 1
                else 0
            end <= seekers.education_rank
    left join {{ ref('occupation_strength') }} as strength on vacancies.occupation = strength.occupation
    left join {{ ref('int_person_skills') }} as skills
        on seekers.person_key = skills.person_key and vacancies.occupation = skills.occupation
    where vacancies.is_open
),

ranked as (
    select
        pairs.*,
        pairs.fits_place + pairs.fits_strength + pairs.fits_skill + pairs.fits_wage as score,
        row_number() over (
            partition by pairs.vacancy_no
            order by
                pairs.fits_place + pairs.fits_strength + pairs.fits_skill + pairs.fits_wage desc,
                pairs.fits_skill desc,
                pairs.person_key asc
        ) as match_rank
    from pairs
    left join {{ ref('int_referrals') }} as referrals
        on pairs.person_key = referrals.person_key and pairs.vacancy_no = referrals.vacancy_no
    where referrals.person_key is null
)

select ranked.*
from ranked
cross join {{ ref('int_rule_parameters') }} as parameters
where ranked.match_rank <= parameters.match_rank
