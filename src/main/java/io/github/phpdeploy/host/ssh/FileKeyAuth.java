package io.github.phpdeploy.host.ssh;

import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.KeyedAuthMethod;

/**
 * Public-key authentication that signs at once instead of asking first whether the key would do: RFC 4252, section 7,
 * allows it, and it saves a round trip.
 */
final class FileKeyAuth extends KeyedAuthMethod {

    FileKeyAuth(KeyProvider key) {
        super("publickey", key);
    }

    @Override
    protected SSHPacket buildReq() throws UserAuthException {
        return putSig(putPubKey(super.buildReq().putBoolean(true)));
    }
}
