{# Why nothing is known, of several: the gravest. Reasons are nothing_sent, rejected, awaited and waived. #}
{% macro gravest_reason(reason) -%}
    case
        when max(case when {{ reason }} = 'nothing_sent' then 1 else 0 end) = 1 then 'nothing_sent'
        when max(case when {{ reason }} = 'rejected' then 1 else 0 end) = 1 then 'rejected'
        when max(case when {{ reason }} = 'awaited' then 1 else 0 end) = 1 then 'awaited'
        else 'waived'
    end
{%- endmacro %}
