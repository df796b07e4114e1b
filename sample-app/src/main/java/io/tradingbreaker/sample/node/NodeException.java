package io.tradingbreaker.sample.node;

/** A node or a quote service did not do what it was asked. */
public class NodeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NodeException(String message) {
        super(message);
    }
}
