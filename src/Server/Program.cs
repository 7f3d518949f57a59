using RtpCluster.Server.Commands;

return await SubcommandTable.RunAsync(args);
