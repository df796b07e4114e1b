package io.tradingbreaker;

/**
 * A full window of 16 may have one sample over, where one of 15 may have none. Guards against a sample that is still to be
 * written and already holds the place of another: the window is no smaller.
 */
public class FullWindowLincheckTests extends PercentileLincheck {

    public FullWindowLincheckTests() {
        super(93.75, 0, 16);
    }
}
