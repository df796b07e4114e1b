-- What is halted: one row, the switch, for each group of services that are halted together.
CREATE TABLE IF NOT EXISTS trading_breaker_switch (
    name     varchar(63) NOT NULL PRIMARY KEY,
    version  bigint      NOT NULL,
    document clob        NOT NULL
);

-- Who did what to a switch; only added to. breaker is null for all of them.
CREATE TABLE IF NOT EXISTS trading_breaker_switch_audit (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    switch_name varchar(63)  NOT NULL,
    version     bigint       NOT NULL,
    changed_at  timestamp with time zone NOT NULL,
    instance    varchar(300) NOT NULL,
    actor       varchar(400),
    action      varchar(20)  NOT NULL,
    breaker     varchar(127),
    reason      varchar(400) NOT NULL
);
CREATE INDEX IF NOT EXISTS trading_breaker_switch_audit_changed_at ON trading_breaker_switch_audit (changed_at);
