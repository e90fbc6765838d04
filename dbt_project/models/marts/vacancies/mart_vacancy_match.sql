select
    matches.vacancy_no,
    cast(matches.match_rank as integer) as match_rank,
    matches.person_key,
    matches.district_code,
    matches.township_code,
    vacancies.post_title,
    vacancies.occupation,
    cast(vacancies.wage_min as numeric(12, 2)) as wage_min,
    cast(vacancies.wage_max as numeric(12, 2)) as wage_max,
    cast(matches.score as integer) as score,
    substr(
        case when matches.fits_place = 1 then ',place' else '' end
        || case when matches.fits_strength = 1 then ',strength' else '' end
        || case when matches.fits_skill = 1 then ',skill' else '' end
        || case when matches.fits_wage = 1 then ',wage' else '' end,
        2
    ) as reasons,
    vacancies.openings - vacancies.filled as posts_left,
    vacancies.closes_on
from {{ ref('int_vacancy_matches') }} as matches
inner join {{ ref('int_vacancies') }} as vacancies on matches.vacancy_no = vacancies.vacancy_no
