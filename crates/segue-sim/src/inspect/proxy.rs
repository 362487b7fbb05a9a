//! A connection that breaks: bytes of the server pass until so many have, over all connections; then all are cut.
//!
//! The port is the proxy's own until its task ends with the test's runtime.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Starts a proxy before a port of this machine; gives its own port.
pub(crate) async fn cut_after(port: u16, bytes: u64) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let own = listener.local_addr().expect("bound").port();
    let left = Arc::new(AtomicU64::new(bytes));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { continue };
            tokio::spawn(pass(client, server, left.clone()));
        }
    });
    own
}

async fn pass(mut client: TcpStream, mut server: TcpStream, left: Arc<AtomicU64>) {
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let up = tokio::io::copy(&mut from_client, &mut to_server);
    let down = async {
        let mut buffer = [0_u8; 4096];
        while let Ok(count) = from_server.read(&mut buffer).await {
            let allowed = left.load(Ordering::SeqCst).min(count as u64);
            left.fetch_sub(allowed, Ordering::SeqCst);
            let sent = to_client.write_all(&buffer[..usize::try_from(allowed).expect("small")]).await;
            if count == 0 || sent.is_err() || allowed < count as u64 {
                break;
            }
        }
    };
    // Whichever ends first takes the other along: both sockets are dropped.
    tokio::select! { _ = up => {}, () = down => {} }
}
