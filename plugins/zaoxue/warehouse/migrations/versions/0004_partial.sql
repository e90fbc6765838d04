alter table ops.submission
    add column is_partial boolean not null default false,
    add column rows_refused integer not null default 0,
    drop constraint submission_check,
    add constraint submission_check check (
        rows_in_file = rows_accepted + rows_quarantined + rows_not_data + rows_refused
        or state in ('rejected', 'stale', 'duplicate')
    );
comment on column ops.submission.is_partial is
    'A sheet of the ledger could not be read: rows that stood and are not in the file are not gone';
comment on column ops.submission.rows_refused is 'Rows of the sheets that could not be read, titles and blank ones included';

alter table ops.sheet_account
    add column rows_refused integer not null default 0,
    drop constraint sheet_account_check,
    add constraint sheet_account_check check (
        rows_in_file = rows_accepted + rows_quarantined + rows_not_data + rows_refused
    );
comment on table ops.sheet_account is
    'Every row of every sheet accounted for: accepted, quarantined, recognised as not data, or in a sheet that could not be read';
