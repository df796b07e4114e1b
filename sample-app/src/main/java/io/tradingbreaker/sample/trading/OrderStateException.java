package io.tradingbreaker.sample.trading;

/** The order cannot be cancelled as it stands. */
public class OrderStateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public OrderStateException(String message) {
        super(message);
    }
}
