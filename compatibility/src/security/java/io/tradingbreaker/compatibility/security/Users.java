package io.tradingbreaker.compatibility.security;

import org.springframework.context.annotation.Bean;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** One user of each kind. */
class Users {

    static final String PASSWORD = "correct";

    /** Would write a second line into the log, and passes the bound of what is kept. */
    static final String FORGER = "mallory\n2026-01-01 INFO Breaker 'node' HALTED -> CLOSED by root " + "x".repeat(300);

    private static final UserDetails[] ALL = {
        user("reader", "TRADING_READER"), user("operator", "TRADING_OPERATOR"),
        user("stranger", "CLERK"), user(FORGER, "TRADING_OPERATOR")
    };

    @Bean
    InMemoryUserDetailsManager servletUsers() {
        return new InMemoryUserDetailsManager(ALL);
    }

    @Bean
    MapReactiveUserDetailsService reactiveUsers() {
        return new MapReactiveUserDetailsService(ALL);
    }

    private static UserDetails user(String name, String role) {
        return User.withUsername(name).password("{noop}" + PASSWORD).roles(role).build();
    }
}
