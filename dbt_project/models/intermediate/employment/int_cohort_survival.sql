{#
    Kaplan-Meier of each district, cohort month and horizon. A merged spell that ended on day t of a placement is an event at
    t, an open one is censored at its last evidence; placements that are not due yet count for as long as they are observed.
    What ends on the due day or later was retained, so events count where t < horizon. Null where nobody was
    observed into the evidence window before the due day (or for a single day), unless everybody had ended by then: the
    curve says nothing beyond its last observation.
#}
with at_risk as (
    select
        leaving.*,
        sum(leaving.leaving) over (
            partition by district_code, started_month_no
            order by observed_days desc
            rows between unbounded preceding and current row
        ) as at_risk
    from {{ ref('int_cohort_leaving') }} as leaving
)

select
    at_risk.district_code,
    at_risk.started_month_no,
    horizons.horizon_days,
    cast(
        case
            -- Everybody at risk ended: ln(0) has no value, the product is 0.
            when max(
                case when at_risk.events = at_risk.at_risk and at_risk.observed_days < horizons.horizon_days then 1 else 0 end
            ) = 1 then 0.0
            when max(at_risk.observed_days) < max(greatest(horizons.horizon_days - parameters.evidence_window_days, 1)) then null
            else
                exp(sum(
                    case
                        when at_risk.observed_days < horizons.horizon_days and at_risk.events < at_risk.at_risk
                            then ln(1 - cast(at_risk.events as {{ float_type() }}) / at_risk.at_risk)
                        else 0.0
                    end
                ))
        end as numeric(15, 12)
    ) as km_rate
from at_risk
cross join {{ ref('int_horizons') }} as horizons
cross join {{ ref('int_rule_parameters') }} as parameters
group by at_risk.district_code, at_risk.started_month_no, horizons.horizon_days
