package io.tradingbreaker.compatibility;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.annotation.AliasFor;

/** Runs the application on a random port, in virtual time and with a venue that does as the test says. */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        classes = {TradingApplication.class, VirtualTime.class, ScriptedVenue.class},
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@interface RunningApplication {

    /** Properties beside those of {@code application.yml}. */
    @AliasFor(annotation = SpringBootTest.class)
    String[] properties() default {};
}
