package io.tradingbreaker.spring.actuate;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.ResumePolicy;
import io.tradingbreaker.test.ManualScheduler;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import java.time.Duration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application with two breakers in virtual time; the header {@code X-User} stands for a login. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class EndpointApplication {

    static final String USER = "X-User";

    @Bean
    ManualScheduler time() {
        return new ManualScheduler();
    }

    @Bean
    BreakerRegistry breakerRegistry(ManualScheduler time) {
        BreakerConfig node = BreakerConfig.builder()
                .minimumSamples(1)
                .parent("trading")
                .p99Threshold(Duration.ofNanos(1_500_000))
                .latencyThreshold(Duration.ofMillis(250))
                .errorRateThreshold(0)
                .build();
        return BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .breaker("node", node)
                .breaker("desk", resumed(ResumePolicy.Kind.MANUAL))
                .breaker("limited", resumed(ResumePolicy.Kind.LIMITED))
                .build();
    }

    private static BreakerConfig resumed(ResumePolicy.Kind kind) {
        return BreakerConfig.DEFAULT.with(c -> c.resume(new ResumePolicy(kind, 2, Duration.ofMinutes(90))));
    }

    @Bean
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    Filter servletLogin() {
        return (request, response, chain) -> {
            HttpServletRequest http = (HttpServletRequest) request;
            String user = http.getHeader(USER);
            Principal principal = user == null ? null : () -> user;
            chain.doFilter(
                    new HttpServletRequestWrapper(http) {
                        @Override
                        public Principal getUserPrincipal() {
                            return principal;
                        }
                    },
                    response);
        };
    }
}
