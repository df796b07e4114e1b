package io.tradingbreaker.sample.node;

/** The request came too often (429): neither latency nor ill health, and another endpoint may take it. */
public class NodeBusyException extends NodeRefusedException {

    private static final long serialVersionUID = 1L;

    public NodeBusyException(String message) {
        super(message);
    }
}
