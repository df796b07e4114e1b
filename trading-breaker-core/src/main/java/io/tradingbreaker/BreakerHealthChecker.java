package io.tradingbreaker;

/** A health checker of several breakers, which checks something else for each: it is told which one asks. */
public interface BreakerHealthChecker extends HealthChecker {

    /** Checks what that breaker stands before; as {@link HealthChecker#check}. */
    HealthStatus check(String breaker) throws Exception;

    /** Not asked by breakers. */
    @Override
    default HealthStatus check() {
        throw new UnsupportedOperationException("checks for a breaker by its name only");
    }
}
