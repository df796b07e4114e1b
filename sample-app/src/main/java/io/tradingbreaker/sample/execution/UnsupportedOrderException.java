package io.tradingbreaker.sample.execution;

/** The trader does not take orders of that kind. */
public class UnsupportedOrderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnsupportedOrderException(String message) {
        super(message);
    }
}
