package io.tradingbreaker.sample.simulator;

/**
 * An endpoint as its operator sees it.
 *
 * @param slot the slot that it is at
 * @param requests HTTP requests received
 * @param frozen requests that hang
 */
public record EndpointStatus(String scenario, long slot, long requests, int frozen) {}
