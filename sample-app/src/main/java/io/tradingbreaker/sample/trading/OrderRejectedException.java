package io.tradingbreaker.sample.trading;

/** The order asks for more than there is on the books. */
public class OrderRejectedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public OrderRejectedException(String message) {
        super(message);
    }
}
