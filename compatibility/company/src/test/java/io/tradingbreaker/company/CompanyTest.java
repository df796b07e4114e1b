package io.tradingbreaker.company;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;

/** A test of the application as it is, on a port of its own, in virtual time. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        classes = {CompanyApplication.class, Floor.class},
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.task.execution.pool.core-size=1",
            "spring.datasource.generate-unique-name=true",
            "resilience4j.retry.configs.default.wait-duration=1ms",
            // A second of real time, which the first call on a busy machine may need.
            "spring.cloud.circuitbreaker.resilience4j.disable-time-limiter=true"
        })
@interface CompanyTest {}
