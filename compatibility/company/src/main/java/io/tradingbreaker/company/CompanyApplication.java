package io.tradingbreaker.company;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.core.Ordered;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.scheduling.annotation.EnableAsync;

/**
 * Everything that comes with annotations of its own, ordered as recommended: together with {@code application.yml}, from
 * outside to inside, {@code @Async}, {@code @Retryable}, Resilience4j's {@code @Retry}, {@code @Cacheable},
 * {@code @LatencyGuarded}, Resilience4j's {@code @CircuitBreaker}, {@code @Transactional}.
 */
@SpringBootApplication
@EnableAsync
@EnableResilientMethods
@EnableCaching(order = Ordered.LOWEST_PRECEDENCE - 200)
public class CompanyApplication {

    /** Starts the application. */
    public static void main(String[] args) {
        SpringApplication.run(CompanyApplication.class, args);
    }
}
