package io.tradingbreaker;

/** Windows for tests, that count samples of more than one nanosecond as over. */
final class Windows {

    static final long FAST = 1;
    static final long SLOW = 2;

    private static final TripRules RULES = new TripRules(BreakerConfig.DEFAULT);

    private Windows() {}

    static Window of(int size, long ageNanos) {
        return of(size, ageNanos, FAST);
    }

    static Window of(int size, long ageNanos, long overNanos) {
        return new Window(size, ageNanos, overNanos, RULES);
    }
}
