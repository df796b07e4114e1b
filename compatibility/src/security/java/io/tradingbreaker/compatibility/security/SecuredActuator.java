package io.tradingbreaker.compatibility.security;

import static org.springframework.security.config.Customizer.withDefaults;

import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;

/** The README's filter chain: readers look, operators act, and an action needs the token against forged requests. */
class SecuredActuator {

    @Bean
    SecurityFilterChain breakers(HttpSecurity http) throws Exception {
        return http.securityMatcher("/actuator/circuitbreaker/**", "/actuator/tradingdashboard/**")
                .authorizeHttpRequests(requests -> requests.requestMatchers(HttpMethod.GET)
                        .hasAnyRole("TRADING_READER", "TRADING_OPERATOR")
                        .requestMatchers(HttpMethod.POST)
                        .hasRole("TRADING_OPERATOR")
                        .anyRequest()
                        .denyAll())
                .csrf(csrf -> csrf.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse())
                        .csrfTokenRequestHandler(new CsrfTokenRequestAttributeHandler()))
                .httpBasic(withDefaults())
                .build();
    }
}
