package io.tradingbreaker;

/** Guards against a count and a limit of two windows. Half of a window may be over. */
public class TripRulesLincheckTests extends PercentileLincheck {

    public TripRulesLincheckTests() {
        super(50, 1, 3);
    }
}
