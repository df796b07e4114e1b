package io.tradingbreaker.spring.probe;

/**
 * What one look at one endpoint came to.
 *
 * @param answered whether the endpoint answered at all
 * @param nanos how long its slowest request took
 * @param details a line for people, without secrets and not yet made safe
 */
record Finding(Verdict verdict, boolean answered, long nanos, String details) {

    /** What an endpoint is taken for. */
    enum Verdict {
        HEALTHY,
        UNHEALTHY,
        /** It answers well, but its slot has not been seen to advance yet. */
        WAITING
    }

    static Finding unanswered(long nanos, String details) {
        return new Finding(Verdict.UNHEALTHY, false, nanos, details);
    }

    boolean isHealthy() {
        return verdict == Verdict.HEALTHY;
    }
}
