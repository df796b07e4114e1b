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
            // Not the second of real time that Spring Cloud allows: a first call on a busy machine may need it.
            "resilience4j.timelimiter.configs.default.timeout-duration=1m",
            "resilience4j.timelimiter.instances.cloud.timeout-duration=1m"
        })
@interface CompanyTest {}
